//! The three programs under test.

use crate::{
    ensure,
    error::{Context, Result},
};
use std::path::{Path, PathBuf};

/// Where the programs are.
#[derive(Clone, Debug)]
pub struct Programs {
    /// `galen-node`.
    pub node: PathBuf,
    /// `galen-worker`.
    pub worker: PathBuf,
    /// `galen`.
    pub galen: PathBuf,
}

impl Programs {
    /// In the folder that `GALEN_BIN` names, otherwise beside this program.
    pub fn find() -> Result<Self> {
        let folder = match std::env::var_os("GALEN_BIN") {
            Some(folder) => PathBuf::from(folder),
            None => {
                let own = std::env::current_exe().context(|| "where this program is")?;
                own.parent().map(Path::to_path_buf).context(|| "this program is in no folder")?
            }
        };
        Self::in_folder(&folder)
    }

    fn in_folder(folder: &Path) -> Result<Self> {
        let program = |name: &str| {
            let path = folder.join(name);
            ensure!(
                path.is_file(),
                "no {name} in {}: build it with 'cargo build --release', or name the folder in GALEN_BIN",
                folder.display()
            );
            Ok(path)
        };
        Ok(Programs {
            node: program("galen-node")?,
            worker: program("galen-worker")?,
            galen: program("galen")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("galen-node"), "").unwrap();
        let why = Programs::in_folder(folder.path()).unwrap_err().to_string();
        assert!(why.contains("no galen-worker") && why.contains("GALEN_BIN"), "{why}");
    }
}
