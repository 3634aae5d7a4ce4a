//! File operations whose errors name the file.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::Result;

pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| format!("Cannot read {}: {error}", path.display()))
}

pub(crate) fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("Cannot read {}: {error}", path.display()))
}

/// Writes the file and the directories above it.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result {
    if let Some(parent) = path.parent() {
        make_dir(parent)?;
    }
    fs::write(path, content).map_err(|error| format!("Cannot write {}: {error}", path.display()))
}

/// Like [`write`], readable by this user only.
pub(crate) fn write_private(path: &Path, content: &str) -> Result {
    write(path, content)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))
            .map_err(|error| format!("Cannot protect {}: {error}", path.display()))?;
    }
    Ok(())
}

pub(crate) fn make_dir(path: &Path) -> Result {
    fs::create_dir_all(path).map_err(|error| format!("Cannot create {}: {error}", path.display()))
}

/// Removes a directory with all in it; an absent one is fine.
pub(crate) fn remove_dir(path: &Path) -> Result {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("Cannot remove {}: {error}", path.display()))
        }
        _ => Ok(()),
    }
}

pub(crate) fn copy_dir(from: &Path, to: &Path) -> Result {
    for file in walk(from)? {
        let relative = file.strip_prefix(from).map_err(|error| error.to_string())?;
        write(&to.join(relative), read(&file)?)?;
    }
    Ok(())
}

/// Every file below `dir`, sorted; hidden ones, `target` and `node_modules` left out. An absent directory has none.
pub(crate) fn walk(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(next) = open.pop() {
        let entries = match fs::read_dir(&next) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(format!("Cannot list {}: {error}", next.display())),
        };
        for entry in entries {
            let entry = entry.map_err(|error| format!("Cannot list {}: {error}", next.display()))?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') || name == "target" || name == "node_modules" {
                continue;
            }
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// SHA-256 in hex.
pub(crate) fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold(String::new(), |mut hex, byte| {
        use std::fmt::Write as _;
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The part of [`hash`] that goes into a file's name.
pub(crate) fn short_hash(content: &[u8]) -> String {
    hash(content).chars().take(12).collect()
}

#[cfg(test)]
pub(crate) mod fake {
    //! A small tree in the temporary directory, removed when dropped.

    use std::{
        path::{Path, PathBuf},
        sync::atomic::{AtomicU32, Ordering},
    };

    pub(crate) struct Tree(PathBuf);

    impl Tree {
        pub(crate) fn new(files: &[(&str, &str)]) -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let root = std::env::temp_dir().join(format!("todoke-xtask-{}-{number}", std::process::id()));
            for (path, content) in files {
                super::write(&root.join(path), content).unwrap();
            }
            Self(root)
        }

        pub(crate) fn path(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Tree {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{fake::Tree, *};

    #[test]
    fn walking_leaves_out_what_is_not_ours() {
        let tree = Tree::new(&[
            ("b.rs", ""),
            ("a/c.rs", ""),
            (".git/x", ""),
            ("a/target/y", ""),
            ("node_modules/z", ""),
        ]);
        let names: Vec<_> = walk(tree.path())
            .unwrap()
            .iter()
            .map(|path| path.strip_prefix(tree.path()).unwrap().display().to_string())
            .collect();
        assert_eq!(names, ["a/c.rs", "b.rs"]);
        assert_eq!(walk(&tree.path().join("absent")).unwrap(), Vec::<PathBuf>::new());
    }

    #[test]
    fn hashes_are_sha_256() {
        assert_eq!(hash(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(short_hash(b"abc"), "ba7816bf8f01");
    }
}
