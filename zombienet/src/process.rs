//! Child processes that end with us, however we end.

use crate::error::{Context, Error, Result};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    ffi::OsStr,
    fs::OpenOptions,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};
use tokio::process::{Child, Command};

/// How long a program may take to stop when it is asked to.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running program with its log.
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `program`; what it says is appended to `log`.
    ///
    /// `setpriv` has the kernel kill the child when the thread that started it ends, which is this program's only one: no
    /// node outlives a test that was itself killed. A process group of its own keeps a Ctrl-C in the terminal from it:
    /// who started it stops it.
    pub fn spawn<A: AsRef<OsStr>>(
        program: &Path,
        args: impl IntoIterator<Item = A>,
        env: &[(String, String)],
        log: &Path,
    ) -> Result<Self> {
        let file =
            OpenOptions::new().create(true).append(true).open(log).context(|| log.display().to_string())?;
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program)
            .args(args)
            .envs(env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .context(|| "cannot start setpriv (of Debian's util-linux)")?;
        Ok(Process { child, log: log.to_owned() })
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Asks it to stop, as an operator would, and waits; kills it if it does not.
    pub async fn stop(mut self) -> Result<()> {
        let Some(pid) = self.pid() else { return Ok(()) };
        kill_process(pid, Signal::TERM).context(|| "cannot signal a child")?;
        match tokio::time::timeout(PATIENCE, self.child.wait()).await {
            Ok(ended) => {
                ended?;
                Ok(())
            }
            Err(_) => {
                let log = self.log.clone();
                self.kill().await?;
                Err(Error::new(format!(
                    "a program did not stop within {PATIENCE:?} and was killed (see {})",
                    log.display()
                )))
            }
        }
    }

    /// Kills it, as `kill -9` does, and waits until it is gone.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    fn pid(&self) -> Option<Pid> {
        self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?))
    }
}

/// The last lines of a log.
pub fn tail(log: &Path, lines: usize) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = std::fs::File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(64 * 1024)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_else(|why| format!("(no log: {why})"));
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_program_is_stopped_killed_and_logged() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let shell = Path::new("/bin/sh");
        let polite = "trap 'echo bye; exit 0' TERM; echo hello; while :; do sleep 0.05; done";
        let process = Process::spawn(shell, ["-c", polite], &[], &log).unwrap();
        crate::wait::eventually("hello", Duration::from_secs(10), || async {
            Ok(tail(&log, 1).contains("hello").then_some(()))
        })
        .await
        .unwrap();
        process.stop().await.unwrap();
        assert_eq!(tail(&log, 2), "hello\nbye");

        let mut process = Process::spawn(shell, ["-c", "sleep 100"], &[], &log).unwrap();
        assert!(process.ended().unwrap().is_none());
        process.kill().await.unwrap();

        let mut process = Process::spawn(shell, ["-c", "exit 3"], &[], &log).unwrap();
        let ended = crate::wait::eventually("its end", Duration::from_secs(10), || {
            let ended = process.ended();
            async move { ended }
        });
        assert_eq!(ended.await.unwrap().code(), Some(3));
    }
}
