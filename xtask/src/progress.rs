//! The progress display: every step named and timed. On a terminal a live line; elsewhere plain lines.

use std::{
    fs,
    io::{IsTerminal as _, Write as _},
    path::PathBuf,
    process::Command,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    Result, files,
    process::{self, Interrupt},
};

/// How a step ended well.
pub(crate) enum Ending {
    Done,
    /// Nothing to do.
    Unchanged,
    /// Done, with something to say.
    Note(String),
}

/// Runs steps one after the other and shows them.
pub(crate) struct Progress {
    shown: Arc<Mutex<Option<Shown>>>,
    stop: Arc<AtomicBool>,
    ticker: Option<thread::JoinHandle<()>>,
    logs: PathBuf,
    interrupt: Interrupt,
    started: Instant,
}

/// The step being run.
struct Shown {
    name: String,
    started: Instant,
    note: String,
    next_plain: Duration,
}

/// What a step's work is given.
pub(crate) struct Step<'a> {
    progress: &'a Progress,
    log: PathBuf,
}

/// How many lines of a failed step's log are printed.
const TAIL: usize = 120;

impl Progress {
    /// The logs of the steps go to `logs`, one file each.
    pub(crate) fn new(logs: PathBuf, interrupt: &Interrupt) -> Result<Self> {
        files::make_dir(&logs)?;
        let shown = Arc::new(Mutex::new(None));
        let stop = Arc::new(AtomicBool::new(false));
        let ticker = {
            let (shown, stop) = (Arc::clone(&shown), Arc::clone(&stop));
            let live = std::io::stdout().is_terminal();
            thread::spawn(move || tick(&shown, &stop, live))
        };
        Ok(Self { shown, stop, ticker: Some(ticker), logs, interrupt: interrupt.clone(), started: now() })
    }

    /// Runs one step. When it fails, the end of its log is shown.
    pub(crate) fn step(&self, name: &str, work: impl FnOnce(&Step<'_>) -> Result<Ending>) -> Result {
        if self.interrupt.is_set() {
            return Err(process::INTERRUPTED.to_owned());
        }
        let log = self.log(name);
        files::write(&log, "")?;
        let started = now();
        if !std::io::stdout().is_terminal() {
            println!("… {name}");
        }
        *lock(&self.shown) = Some(Shown {
            name: name.to_owned(),
            started,
            note: String::new(),
            next_plain: Duration::from_secs(30),
        });
        let step = Step { progress: self, log };
        let result = work(&step);
        *lock(&self.shown) = None;
        let seconds = seconds(started.elapsed());
        clear_line();
        match result {
            Ok(Ending::Done) => println!("✓ {name}  {seconds}"),
            Ok(Ending::Unchanged) => println!("✓ {name}  unchanged"),
            Ok(Ending::Note(note)) => println!("✓ {name}  {seconds}  {note}"),
            Err(error) if error == process::INTERRUPTED => {
                println!("– {name}  stopped after {seconds}");
                return Err(error);
            }
            Err(error) => {
                println!("✗ {name}  {seconds}");
                show_tail(&step.log);
                return Err(format!("{name}: {error}"));
            }
        }
        Ok(())
    }

    /// All that a step's programs printed.
    pub(crate) fn log_of(&self, name: &str) -> String {
        fs::read(self.log(name)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    fn log(&self, name: &str) -> PathBuf {
        let file: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
        self.logs.join(format!("{file}.log"))
    }

    /// Time since the first step.
    pub(crate) fn elapsed(&self) -> String {
        seconds(self.started.elapsed())
    }
}

impl Step<'_> {
    /// Runs a program; its output goes to the step's log and its last line beside the step's name.
    pub(crate) fn run(&self, command: Command) -> Result<String> {
        let shown = Arc::clone(&self.progress.shown);
        process::run(command, &self.log, &self.progress.interrupt, move |line| {
            if let Some(shown) = lock(&shown).as_mut() {
                line.trim().clone_into(&mut shown.note);
            }
        })
    }

    /// Shows what is being done now.
    pub(crate) fn note(&self, text: &str) {
        if let Some(shown) = lock(&self.progress.shown).as_mut() {
            text.clone_into(&mut shown.note);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(ticker) = self.ticker.take() {
            let _ = ticker.join();
        }
    }
}

/// Real time: this crate waits for real programs.
pub(crate) fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "the ban is for code that the simulation drives")]
    Instant::now()
}

/// `75.3 s` or `2 min 05 s`.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole < 100 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

fn tick(shown: &Mutex<Option<Shown>>, stop: &AtomicBool, live: bool) {
    let wheel = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
    for mark in wheel.into_iter().cycle() {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        if let Some(shown) = lock(shown).as_mut() {
            let time = shown.started.elapsed();
            if live {
                let note: String = shown.note.chars().filter(|c| !c.is_control()).take(40).collect();
                print!("\r\u{1b}[2K{mark} {}  {}  \u{1b}[2m{note}\u{1b}[0m", shown.name, seconds(time));
                let _ = std::io::stdout().flush();
            } else if time >= shown.next_plain {
                shown.next_plain += Duration::from_secs(30);
                println!("… {}  {}  {}", shown.name, seconds(time), shown.note);
            }
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn clear_line() {
    if std::io::stdout().is_terminal() {
        print!("\r\u{1b}[2K");
        let _ = std::io::stdout().flush();
    }
}

fn show_tail(log: &std::path::Path) {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    for line in lines.iter().skip(lines.len().saturating_sub(TAIL)) {
        println!("    {line}");
    }
    if lines.len() > TAIL {
        println!("    (all {} lines: {})", lines.len(), log.display());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::fake::Tree;

    #[test]
    fn times_are_short() {
        assert_eq!(seconds(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }

    #[test]
    fn a_failed_step_is_named_and_an_interrupt_stops_the_next() {
        let tree = Tree::new(&[("keep", "")]);
        let interrupt = Interrupt::never();
        let progress = Progress::new(tree.path().join("logs"), &interrupt).unwrap();
        assert_eq!(progress.step("one", |_| Ok(Ending::Done)), Ok(()));
        assert_eq!(progress.step("two", |_| Err("broke".to_owned())), Err("two: broke".to_owned()));
        interrupt.raise();
        let mut ran = false;
        let result = progress.step("three", |_| {
            ran = true;
            Ok(Ending::Done)
        });
        assert_eq!((result, ran), (Err(process::INTERRUPTED.to_owned()), false));
    }
}
