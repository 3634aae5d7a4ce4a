//! Leaves a build step out when neither its inputs nor its outputs changed.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::{Result, files};

/// The inputs of one step. Add everything that the outputs depend on, then ask [`Stamp::is_current`].
pub(crate) struct Stamp {
    file: PathBuf,
    hasher: Sha256,
}

impl Stamp {
    /// `file` keeps the hash; put it where it disappears together with the outputs.
    pub(crate) fn new(file: PathBuf) -> Self {
        Self { file, hasher: Sha256::new() }
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        self.add(text.as_bytes());
        self
    }

    pub(crate) fn file(mut self, path: &Path) -> Result<Self> {
        self.add(path.to_string_lossy().as_bytes());
        self.add(&files::read(path)?);
        Ok(self)
    }

    /// Every file below, by path and content.
    pub(crate) fn dir(mut self, path: &Path) -> Result<Self> {
        for file in files::walk(path)? {
            self = self.file(&file)?;
        }
        Ok(self)
    }

    /// The outputs are there and came from these inputs.
    pub(crate) fn is_current(&self, outputs: &[&Path]) -> bool {
        outputs.iter().all(|path| path.exists())
            && std::fs::read_to_string(&self.file).is_ok_and(|kept| kept == self.hex())
    }

    /// Call when the step has succeeded.
    pub(crate) fn keep(&self) -> Result {
        files::write(&self.file, self.hex())
    }

    fn add(&mut self, part: &[u8]) {
        // The length keeps ("ab","c") and ("a","bc") apart.
        self.hasher.update((part.len() as u64).to_le_bytes());
        self.hasher.update(part);
    }

    fn hex(&self) -> String {
        files::hash(&self.hasher.clone().finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::fake::Tree;

    #[test]
    fn a_changed_input_or_a_lost_output_runs_the_step_again() {
        let tree = Tree::new(&[("in/a", "1"), ("out", "x")]);
        let stamp = || Stamp::new(tree.path().join("stamp")).text("v1").dir(&tree.path().join("in")).unwrap();
        let out = tree.path().join("out");
        assert!(!stamp().is_current(&[&out]));
        stamp().keep().unwrap();
        assert!(stamp().is_current(&[&out]));
        assert!(!stamp().text("more").is_current(&[&out]));
        files::write(&tree.path().join("in/a"), "2").unwrap();
        assert!(!stamp().is_current(&[&out]));
        stamp().keep().unwrap();
        std::fs::remove_file(&out).unwrap();
        assert!(!stamp().is_current(&[&out]));
    }
}
