//! Command-line flags: `--name value`, `--name=value`, `--flag`, and `--` before words for another program.

use crate::Result;

/// The words after the command's name. Take what is known, then call [`Args::finish`].
pub(crate) struct Args {
    words: Vec<String>,
    /// Everything after a lone `--`.
    rest: Vec<String>,
}

impl Args {
    pub(crate) fn new(mut words: Vec<String>) -> Self {
        let rest = words.iter().position(|word| word == "--").map_or_else(Vec::new, |at| {
            let rest = words.split_off(at);
            rest.into_iter().skip(1).collect()
        });
        Self { words, rest }
    }

    /// Whether `--name` was given.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() != before
    }

    /// The value of `--name`; the last one counts.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>> {
        let mut found = None;
        while let Some(at) = self.words.iter().position(|word| word == name) {
            self.words.remove(at);
            if at >= self.words.len() {
                return Err(format!("`{name}` needs a value."));
            }
            found = Some(self.words.remove(at));
        }
        let prefix = format!("{name}=");
        self.words.retain(|word| match word.strip_prefix(&prefix) {
            Some(value) => {
                found = Some(value.to_owned());
                false
            }
            None => true,
        });
        Ok(found)
    }

    /// A port number, or the default.
    pub(crate) fn port(&mut self, name: &str, default: u16) -> Result<u16> {
        match self.value(name)? {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| format!("`{name}` is not a port: {text}")),
        }
    }

    /// A comma-separated list; empty when absent.
    pub(crate) fn list(&mut self, name: &str) -> Result<Vec<String>> {
        let text = self.value(name)?.unwrap_or_default();
        Ok(text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect())
    }

    /// The words for another program. Anything not taken is a mistake.
    pub(crate) fn finish(self) -> Result<Vec<String>> {
        match self.words.first() {
            None => Ok(self.rest),
            Some(word) => Err(format!("`{word}` is not known here; `cargo xtask` lists what is.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> Args {
        Args::new(text.split_whitespace().map(ToOwned::to_owned).collect())
    }

    #[test]
    fn flags_values_and_the_rest_are_told_apart() {
        let mut given = args("--port 9000 --only=fmt,tidy --no-open -- --dry-run --port 1");
        assert_eq!(given.port("--port", 8787), Ok(9000));
        assert_eq!(given.port("--smtp-port", 8025), Ok(8025));
        assert_eq!(given.list("--only").unwrap(), ["fmt", "tidy"]);
        assert!(given.flag("--no-open"));
        assert!(!given.flag("--fresh"));
        assert_eq!(given.finish().unwrap(), ["--dry-run", "--port", "1"]);
    }

    #[test]
    fn mistakes_are_named() {
        assert!(args("--port").port("--port", 1).unwrap_err().contains("--port"));
        assert!(args("--port x").port("--port", 1).unwrap_err().contains('x'));
        assert!(args("--prot 1").finish().unwrap_err().contains("--prot"));
    }
}
