//! The worker's address and token: from the command line into offchain storage, where the offchain worker
//! finds them.

use crate::client::FullClient;
use futures::StreamExt;
use galen_primitives::worker::{OFFCHAIN_FINALIZED, OFFCHAIN_WORKER_TOKEN, OFFCHAIN_WORKER_URL};
use sc_client_api::{BlockchainEvents, HeaderBackend};
use sp_core::offchain::{OffchainStorage, STORAGE_PREFIX};
use std::{net::SocketAddr, path::PathBuf, sync::Arc};

/// Where the hospital's worker is. Without them this node hands no jobs to anyone.
#[derive(Clone, Debug, clap::Args)]
pub struct WorkerArgs {
    /// Address of this hospital's galen-worker on this machine, as http://127.0.0.1:9955.
    ///
    /// The worker sees clinical text, and the connection is plain: any address but a loopback one is refused.
    #[arg(long, value_name = "URL", requires = "worker_token_file")]
    pub worker_url: Option<String>,

    /// File with the node's token at the worker: one line, readable by the node alone.
    #[arg(long, value_name = "FILE", requires = "worker_url")]
    pub worker_token_file: Option<PathBuf>,
}

/// The worker's address and token are checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Worker {
    url: String,
    token: String,
}

// By hand, so that the token never gets into a log.
impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("url", &self.url).finish_non_exhaustive()
    }
}

impl WorkerArgs {
    /// Checks the address and reads the token; `None` if the node is to have no worker.
    pub fn read(&self) -> Result<Option<Worker>, String> {
        let (Some(url), Some(path)) = (&self.worker_url, &self.worker_token_file) else {
            return Ok(None);
        };
        let url = loopback(url)?;
        let file = std::fs::read_to_string(path)
            .map_err(|error| format!("--worker-token-file {}: {error}", path.display()))?;
        let token = file.trim();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!(
                "--worker-token-file {}: a token is one line of printable characters without spaces",
                path.display()
            ));
        }
        warn_if_others_can_read(path);
        Ok(Some(Worker { url, token: token.to_owned() }))
    }
}

/// The address in the form `http://HOST:PORT`, if it is a loopback one.
fn loopback(url: &str) -> Result<String, String> {
    let refuse = |why: &str| format!("--worker-url {url}: {why}; give http://127.0.0.1:PORT");
    let authority =
        url.strip_prefix("http://").ok_or_else(|| refuse("only plain http to this machine is spoken"))?;
    let authority = authority.strip_suffix('/').unwrap_or(authority);
    let numeric = match authority.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => authority.to_owned(),
    };
    let address: SocketAddr = numeric.parse().map_err(|_| refuse("not an IP address with a port"))?;
    if !address.ip().is_loopback() {
        return Err(refuse("not a loopback address"));
    }
    if address.port() == 0 {
        return Err(refuse("port 0 is no port"));
    }
    Ok(format!("http://{address}"))
}

#[cfg(unix)]
fn warn_if_others_can_read(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    if let Ok(metadata) = std::fs::metadata(path)
        && metadata.permissions().mode() & 0o077 != 0
    {
        log::warn!("{} can be read by other users of this machine: chmod 600", path.display());
    }
}

#[cfg(not(unix))]
fn warn_if_others_can_read(_: &std::path::Path) {}

/// Writes address and token for the offchain worker; without a worker, clears what an earlier start wrote.
pub fn write(storage: &mut impl OffchainStorage, worker: Option<&Worker>) {
    match worker {
        Some(Worker { url, token }) => {
            storage.set(STORAGE_PREFIX, OFFCHAIN_WORKER_URL, url.as_bytes());
            storage.set(STORAGE_PREFIX, OFFCHAIN_WORKER_TOKEN, token.as_bytes());
        }
        None => {
            storage.remove(STORAGE_PREFIX, OFFCHAIN_WORKER_URL);
            storage.remove(STORAGE_PREFIX, OFFCHAIN_WORKER_TOKEN);
        }
    }
}

/// Tells offchain workers how far finality is: jobs are acted upon only when their request is final.
pub async fn note_finalized(client: Arc<FullClient>, mut storage: impl OffchainStorage) {
    let mut notifications = client.finality_notification_stream();
    write_finalized(&mut storage, client.info().finalized_number);
    while let Some(notification) = notifications.next().await {
        write_finalized(&mut storage, notification.header.number);
    }
}

fn write_finalized(storage: &mut impl OffchainStorage, number: u32) {
    storage.set(STORAGE_PREFIX, OFFCHAIN_FINALIZED, &codec::Encode::encode(&number));
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Decode;
    use sp_core::offchain::storage::InMemOffchainStorage;

    #[test]
    fn loopback_addresses_are_taken() {
        for (given, kept) in [
            ("http://127.0.0.1:9955", "http://127.0.0.1:9955"),
            ("http://127.0.0.1:9955/", "http://127.0.0.1:9955"),
            ("http://127.8.8.8:1", "http://127.8.8.8:1"),
            ("http://localhost:9955", "http://127.0.0.1:9955"),
            ("http://[::1]:9955", "http://[::1]:9955"),
        ] {
            assert_eq!(loopback(given).unwrap(), kept);
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        for url in [
            "http://10.0.0.1:9955",
            "http://0.0.0.0:9955",
            "http://[::]:9955",
            "http://worker.example:9955",
            "http://localhost.example:9955",
            "http://127.0.0.1",
            "http://127.0.0.1:0",
            "http://user@127.0.0.1:9955",
            "http://127.0.0.1:9955/path",
            "https://127.0.0.1:9955",
            "127.0.0.1:9955",
            "",
        ] {
            assert!(loopback(url).is_err(), "{url}");
        }
    }

    #[test]
    fn no_worker_clears_what_an_earlier_start_wrote() {
        let mut storage = InMemOffchainStorage::default();
        let worker = Worker { url: "http://127.0.0.1:1".into(), token: "secret".into() };
        write(&mut storage, Some(&worker));
        assert_eq!(storage.get(STORAGE_PREFIX, OFFCHAIN_WORKER_URL).unwrap(), b"http://127.0.0.1:1");
        assert_eq!(storage.get(STORAGE_PREFIX, OFFCHAIN_WORKER_TOKEN).unwrap(), b"secret");
        write(&mut storage, None);
        assert!(storage.get(STORAGE_PREFIX, OFFCHAIN_WORKER_URL).is_none());
        assert!(storage.get(STORAGE_PREFIX, OFFCHAIN_WORKER_TOKEN).is_none());
    }

    #[test]
    fn the_finalized_number_is_scale() {
        let mut storage = InMemOffchainStorage::default();
        write_finalized(&mut storage, 258);
        let bytes = storage.get(STORAGE_PREFIX, OFFCHAIN_FINALIZED).unwrap();
        assert_eq!(u32::decode(&mut bytes.as_slice()).unwrap(), 258);
    }

    #[test]
    fn a_bad_token_file_is_an_error() {
        let directory = std::env::temp_dir().join(format!("galen-node-token-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let path = directory.join("token");
        let args = WorkerArgs {
            worker_url: Some("http://127.0.0.1:9955".into()),
            worker_token_file: Some(path.clone()),
        };
        assert!(args.read().is_err(), "a missing file");
        for bad in ["", "\n", "two words", "two\nlines"] {
            std::fs::write(&path, bad).unwrap();
            assert!(args.read().is_err(), "{bad:?}");
        }
        std::fs::write(&path, "secret\n").unwrap();
        assert_eq!(args.read().unwrap().unwrap().token, "secret");
        assert!(!format!("{:?}", args.read().unwrap()).contains("secret"));
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
