//! Keeping the key between runs: making one takes seconds in a debug build, and credentials that change with
//! every start are a nuisance.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use super::StartError;
use crate::world::Keys;

/// The key in `DIR/lineworks_private.key`, made and written if there is none. Processes that start together
/// agree on one.
pub fn kept_keys(dir: &Path) -> Result<Keys, StartError> {
    let path = dir.join("lineworks_private.key");
    let io = |source| StartError::Io { what: path.display().to_string(), source };
    match fs::read_to_string(&path) {
        Ok(pem) => return Ok(Keys::from_private_pem(&pem)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(io(error)),
    }
    let keys = Keys::generate()?;
    fs::create_dir_all(dir).map_err(io)?;
    // Whole or not at all, and the first to arrive wins: a link refuses to replace a file.
    let draft = dir.join(format!("lineworks_private.{}.draft", std::process::id()));
    write(&draft, keys.private_pem()).map_err(io)?;
    let linked = fs::hard_link(&draft, &path);
    fs::remove_file(&draft).map_err(io)?;
    match linked {
        Ok(()) => Ok(keys),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => kept_keys(dir),
        Err(error) => Err(io(error)),
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}
