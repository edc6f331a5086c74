//! A hospital's `galen-worker` beside its node.

use crate::{
    error::{Context, Error, Result},
    ports::Port,
    process::{Process, tail},
    programs::Programs,
    wait::{eventually, seconds},
};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::Command,
};

/// A worker, with its vault and its credentials in a folder.
pub struct Worker {
    folder: PathBuf,
    port: Port,
    process: Option<Process>,
}

impl Worker {
    /// Makes its folder: master key, credentials, configuration. The node needs its address and token before it starts,
    /// the worker a node that answers.
    pub async fn init(programs: &Programs, folder: PathBuf) -> Result<Self> {
        let output = Command::new(&programs.worker)
            .arg("init")
            .arg("--dir")
            .arg(&folder)
            .stdin(Stdio::null())
            .output();
        let output = output.await.context(|| programs.worker.display().to_string())?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(Error::new(format!("galen-worker init: {said}")));
        }
        Ok(Worker { folder, port: Port::free()?, process: None })
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port.number())
    }

    /// The folder with the tokens of its credentials: `node`, `app`, `clinician`, `operator`.
    pub fn tokens(&self) -> PathBuf {
        self.folder.join("tokens")
    }

    /// The file with the token of one of them.
    pub fn token(&self, credential: &str) -> PathBuf {
        self.tokens().join(credential)
    }

    /// Its log.
    pub fn log(&self) -> PathBuf {
        self.folder.with_extension("log")
    }

    /// Starts it beside the node at `node` with a model, and waits until it says that it is well.
    pub async fn start(&mut self, programs: &Programs, node: &str, model: &Path) -> Result<()> {
        let args = [
            "run".into(),
            format!("--dir={}", self.folder.display()),
            format!("--listen=127.0.0.1:{}", self.port.number()),
            format!("--node={node}"),
            format!("--model={}", model.display()),
        ];
        let mut process = Process::spawn(&programs.worker, args, &[], &self.log())?;
        let port = self.port.number();
        let ended = eventually("the worker to be well", seconds(120), || {
            let ended = process.ended();
            async move {
                match ended? {
                    Some(status) => Ok(Some(Some(status))),
                    None => Ok(healthy(port).await?.then_some(None)),
                }
            }
        });
        if let Some(status) = ended.await? {
            return Err(Error::new(format!(
                "the worker ended at its start ({status}):\n{}",
                tail(&self.log(), 10)
            )));
        }
        self.process = Some(process);
        Ok(())
    }

    /// Stops it.
    pub async fn stop(&mut self) -> Result<()> {
        match self.process.take() {
            Some(process) => process.stop().await,
            None => Ok(()),
        }
    }
}

// `GET /health`, by hand: it needs no token, and one request needs no HTTP client.
async fn healthy(port: u16) -> Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n").await?;
    let mut start = [0; 12];
    stream.read_exact(&mut start).await?;
    Ok(&start == b"HTTP/1.1 200")
}
