//! Child processes: each in a process group of its own, so that nothing it started outlives us.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use crate::Result;

/// What an interrupted step answers.
pub(crate) const INTERRUPTED: &str = "Stopped.";

/// Set by Ctrl-C, by SIGTERM and when the terminal goes away.
#[derive(Clone)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    pub(crate) fn install() -> Result<Self> {
        let flag = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
            for signal in [SIGINT, SIGTERM, SIGHUP] {
                signal_hook::flag::register(signal, Arc::clone(&flag))
                    .map_err(|error| format!("Cannot listen for signal {signal}: {error}"))?;
            }
        }
        Ok(Self(flag))
    }

    #[cfg(test)]
    pub(crate) fn never() -> Self {
        Self(Arc::new(AtomicBool::new(false)))
    }

    #[cfg(test)]
    pub(crate) fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Runs a program to its end with both outputs in `log`, each line handed to `on_line`. Answers all that it
/// printed; an error names the program and its exit status.
pub(crate) fn run(
    mut command: Command,
    log: &Path,
    interrupt: &Interrupt,
    on_line: impl Fn(&str) + Send + 'static,
) -> Result<String> {
    let name = name_of(&command);
    let mut file = File::options()
        .create(true)
        .append(true)
        .open(log)
        .map_err(|error| format!("Cannot write {}: {error}", log.display()))?;
    let pipe = std::io::pipe().and_then(|(reader, writer)| Ok((reader, writer.try_clone()?, writer)));
    let (reader, for_out, for_err) = pipe.map_err(|error| format!("No pipe for {name}: {error}"))?;
    command.stdin(Stdio::null()).stdout(for_out).stderr(for_err);
    let mut group = Group::spawn(&mut command, &name)?;
    // The command holds our ends for writing; the reader sees the end only when they are closed.
    drop(command);
    let printed = Arc::new(Mutex::new(String::new()));
    let (at_end, end) = mpsc::channel();
    let collect = Arc::clone(&printed);
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line);
            // A log that cannot be written must not end the program that writes it.
            let _ = file.write_all(&line);
            on_line(text.trim_end());
            collect.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
            line.clear();
        }
        let _ = at_end.send(());
    });
    let status = loop {
        if interrupt.is_set() {
            group.end();
            return Err(INTERRUPTED.to_owned());
        }
        match group.child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) => thread::sleep(Duration::from_millis(20)),
            Err(error) => return Err(format!("Lost {name}: {error}")),
        }
    };
    // What it left behind would keep the pipe open; a daemon that left the group still may, so the wait ends.
    group.end();
    let _ = end.recv_timeout(Duration::from_secs(2));
    let all = std::mem::take(&mut *printed.lock().unwrap_or_else(PoisonError::into_inner));
    if status.success() { Ok(all) } else { Err(format!("`{name}` failed ({status}).")) }
}

/// Runs a small program quietly and answers its standard output.
pub(crate) fn ask(mut command: Command) -> Result<String> {
    let name = name_of(&command);
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| format!("Cannot run `{name}`: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!(
            "`{name}` failed ({}).\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        ))
    }
}

/// A program and all that it starts, ended together when this is dropped.
pub(crate) struct Group {
    child: Child,
    name: String,
    ended: bool,
}

impl Group {
    /// Starts a program that runs beside us, both outputs in `log`.
    pub(crate) fn start(mut command: Command, log: &Path) -> Result<Self> {
        let name = name_of(&command);
        let file = File::create(log).map_err(|error| format!("Cannot write {}: {error}", log.display()))?;
        let copy = file.try_clone().map_err(|error| format!("Cannot write {}: {error}", log.display()))?;
        command.stdin(Stdio::null()).stdout(file).stderr(copy);
        Self::spawn(&mut command, &name)
    }

    /// Starts a program that prints to our terminal.
    pub(crate) fn attached(mut command: Command) -> Result<Self> {
        let name = name_of(&command);
        command.stdin(Stdio::null());
        Self::spawn(&mut command, &name)
    }

    /// Waits for it to end well.
    pub(crate) fn wait(mut self, interrupt: &Interrupt) -> Result {
        loop {
            if interrupt.is_set() {
                return Err(INTERRUPTED.to_owned());
            }
            match self.child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(format!("`{}` failed ({status}).", self.name)),
                Ok(None) => thread::sleep(Duration::from_millis(50)),
                Err(error) => return Err(format!("Lost {}: {error}", self.name)),
            }
        }
    }

    /// How it ended, if it did.
    pub(crate) fn ended_with(&mut self) -> Option<String> {
        match self.child.try_wait() {
            Ok(Some(status)) => Some(format!("`{}` ended by itself ({status}).", self.name)),
            _ => None,
        }
    }

    /// Asks the group to end, then makes it; returns when its first process is gone.
    pub(crate) fn end(&mut self) {
        if self.ended {
            return;
        }
        self.ended = true;
        self.signal(false);
        for _ in 0..150 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.signal(true);
        let _ = self.child.wait();
    }

    fn spawn(command: &mut Command, name: &str) -> Result<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            command.process_group(0);
        }
        match command.spawn() {
            Ok(child) => Ok(Self { child, name: name.to_owned(), ended: false }),
            Err(error) => Err(format!("Cannot run `{name}`: {error}")),
        }
    }

    #[cfg(unix)]
    fn signal(&self, hard: bool) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let signal = if hard { Signal::KILL } else { Signal::TERM };
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // Nobody left to signal is what we want.
            let _ = kill_process_group(group, signal);
        }
    }

    #[cfg(not(unix))]
    fn signal(&mut self, hard: bool) {
        if hard {
            let _ = self.child.kill();
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

/// The program with its first words, for messages.
fn name_of(command: &Command) -> String {
    let program =
        Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words = command.get_args().take(4).map(|word| word.to_string_lossy().into_owned());
    std::iter::once(program).chain(words).collect::<Vec<_>>().join(" ")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::files::fake::Tree;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn alive(pid: &str) -> bool {
        // Signal 0 only asks. A zombie answers too, so the state is looked at where /proc exists.
        let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        !state.is_empty() && !state.contains(") Z ")
    }

    #[test]
    fn both_outputs_are_answered_and_logged() {
        let tree = Tree::new(&[("keep", "")]);
        let log = tree.path().join("log");
        let all = run(sh("echo out; echo err >&2"), &log, &Interrupt::never(), |_| ()).unwrap();
        assert_eq!(all, "out\nerr\n");
        assert_eq!(std::fs::read_to_string(&log).unwrap(), all);
    }

    #[test]
    fn a_failure_names_the_program_and_its_status() {
        let tree = Tree::new(&[("keep", "")]);
        let error = run(sh("exit 3"), &tree.path().join("log"), &Interrupt::never(), |_| ()).unwrap_err();
        assert!(error.contains("sh -c exit 3") && error.contains('3'), "{error}");
    }

    #[test]
    fn an_interrupt_ends_the_whole_group() {
        let tree = Tree::new(&[("keep", "")]);
        let interrupt = Interrupt::never();
        let from_line = interrupt.clone();
        let seen = Arc::new(std::sync::Mutex::new(String::new()));
        let keep = Arc::clone(&seen);
        // The grandchild ignores the polite signal.
        let script = "(trap '' TERM; sleep 600) & echo $!; wait";
        let result = run(sh(script), &tree.path().join("log"), &interrupt, move |line| {
            line.clone_into(&mut keep.lock().unwrap());
            from_line.raise();
        });
        assert_eq!(result, Err(INTERRUPTED.to_owned()));
        let pid = seen.lock().unwrap().clone();
        // The signal is sent; the kernel takes a moment to act on it.
        let gone = (0..500).any(|_| {
            thread::sleep(Duration::from_millis(10));
            !alive(&pid)
        });
        assert!(gone, "{pid} is still there");
    }
}
