//! The configuration file of a worker's directory, and what stands beside it.

use crate::reports::Kind;
use galen_primitives::reports::MAX_BATCH;
use galen_worker_api::{Account, DEFAULT_PORT};
use serde::Deserialize;
use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// The flag without which no address but loopback is listened on.
pub const EXPOSED_FLAG: &str = "--i-understand-the-worker-will-be-reachable-from-the-network";

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Reading or writing failed.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
    /// The file is not TOML, or says what is not known.
    #[error("{0}: {1}")]
    Malformed(PathBuf, String),
    /// The address is reachable from the network.
    #[error(
        "{0} can be reached from the network, and whoever reaches it needs but a token to read patients' texts: \
         listen on 127.0.0.1 or [::1], or say {EXPOSED_FLAG}"
    )]
    Exposed(SocketAddr),
}

/// The configuration file. Paths are relative to its directory.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where JSON-RPC, `/health` and `/metrics` are served.
    pub listen: SocketAddr,
    /// The WebSocket of the hospital's node.
    pub node: String,
    /// The hospital's account; jobs and erasures of others are ignored. Any, if not set.
    pub hospital: Option<Account>,
    /// The model file. Without one, jobs fail with `modelMismatch`.
    pub model: Option<PathBuf>,
    /// The master key file.
    pub master_key: PathBuf,
    /// The chain was begun anew: what was read of another one counts for nothing. Said at a start, never in the file.
    #[serde(skip)]
    pub another_chain: bool,
    /// The logs of which the chain has batches that are not here, and which continue where the chain stands. Said at
    /// a start, never in the file.
    #[serde(skip)]
    pub continued: Vec<Kind>,
    /// Limits.
    pub limits: Limits,
    /// Jobs.
    pub jobs: Jobs,
    /// Reports of disclosures.
    pub disclosures: Disclosures,
    /// Batches of device readings.
    pub readings: Readings,
    /// The engine.
    pub engine: Engine,
}

/// What one caller may ask for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The largest request, in bytes.
    pub request_bytes: u32,
    /// Connections at once.
    pub connections: u32,
    /// Calls per second and credential, and as many at once.
    pub calls_per_second: u32,
    /// Jobs that may wait.
    pub queue: usize,
}

/// How long things about jobs are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Jobs {
    /// Days for which an answer is kept after the node collected it.
    pub keep_days: u64,
    /// Minutes after which a job that no finalized block knows is forgotten.
    pub unknown_minutes: u64,
}

/// When disclosures are reported on the chain.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Disclosures {
    /// Seconds after which a disclosure is reported, at the latest.
    pub report_seconds: u64,
    /// As many are reported at once, and without waiting when there are as many; at most 65,536.
    pub report_entries: u32,
    /// Hours without any after which that is reported.
    pub alive_hours: u64,
}

/// When device readings are anchored on the chain.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Readings {
    /// Seconds after which a reading is anchored, at the latest.
    pub anchor_seconds: u64,
    /// As many are anchored at once, and without waiting when there are as many; at most 65,536.
    pub anchor_readings: u32,
}

/// How the model is run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Engine {
    /// Threads; 0 for as many as there are cores.
    pub threads: u32,
    /// Tokens of context; no more than the model was trained with are used.
    pub context: u32,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], DEFAULT_PORT)),
            node: "ws://127.0.0.1:9944".into(),
            hospital: None,
            model: None,
            master_key: "master.key".into(),
            another_chain: false,
            continued: Vec::new(),
            limits: Limits::default(),
            jobs: Jobs::default(),
            disclosures: Disclosures::default(),
            readings: Readings::default(),
            engine: Engine::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits { request_bytes: 10 * 1024 * 1024, connections: 64, calls_per_second: 200, queue: 1024 }
    }
}

impl Default for Jobs {
    fn default() -> Self {
        Jobs { keep_days: 30, unknown_minutes: 15 }
    }
}

impl Default for Disclosures {
    fn default() -> Self {
        Disclosures { report_seconds: 60, report_entries: 1024, alive_hours: 24 }
    }
}

impl Default for Readings {
    fn default() -> Self {
        Readings { anchor_seconds: 60, anchor_readings: 4096 }
    }
}

impl Default for Engine {
    fn default() -> Self {
        Engine { threads: 0, context: 4096 }
    }
}

/// What `init` writes; every value is the default.
pub const TEMPLATE: &str = r#"# galen-worker. Paths are relative to this directory. Every line that is commented out shows the default.

# Where JSON-RPC (HTTP and WebSocket), /health and /metrics are served. Loopback only.
#listen = "127.0.0.1:9955"

# The WebSocket of this hospital's own node. What it says about consent is believed: do not point it elsewhere.
#node = "ws://127.0.0.1:9944"

# This hospital's account. When it is set, jobs and erasures of other hospitals are ignored.
#hospital = "5..."

# The model: any GGUF that llama.cpp runs. It must be registered and approved on the chain.
#model = "model.gguf"

# 32 random bytes that open everything else. Back it up apart from the rest; an erasure replaces it, and what was
# erased cannot be read with the new one. Better on a volume of its own.
#master_key = "master.key"

[limits]
#request_bytes = 10485760
#connections = 64
#calls_per_second = 200
#queue = 1024

[jobs]
# Days for which an answer is kept after the node collected it.
#keep_days = 30
# Minutes after which a job that no finalized block knows is forgotten.
#unknown_minutes = 15

[disclosures]
# Seconds after which a disclosure is reported on the chain, at the latest: as a salted commitment in a batch.
#report_seconds = 60
# As many are reported at once, and without waiting when there are as many; at most 65536.
#report_entries = 1024
# Hours without any disclosure after which just that is reported, so that a silent worker is noticed.
#alive_hours = 24

[readings]
# Seconds after which a device's reading is anchored on the chain, at the latest: as a salted commitment in a batch.
#anchor_seconds = 60
# As many are anchored at once, and without waiting when there are as many; at most 65536.
#anchor_readings = 4096

[engine]
# 0: as many threads as there are cores.
#threads = 0
# Tokens of context; no more than the model was trained with are used.
#context = 4096
"#;

impl Config {
    /// Reads `config.toml` of a worker's directory.
    pub fn load(directory: &Path) -> Result<Self, ConfigError> {
        let path = directory.join("config.toml");
        let text = fs::read_to_string(&path).map_err(|error| ConfigError::Io(path.clone(), error))?;
        let mut config: Config =
            toml::from_str(&text).map_err(|error| ConfigError::Malformed(path.clone(), error.to_string()))?;
        let entries = config.disclosures.report_entries;
        if !(1..=MAX_BATCH).contains(&entries) {
            let why = format!("disclosures.report_entries = {entries} is not between 1 and {MAX_BATCH}");
            return Err(ConfigError::Malformed(path, why));
        }
        config.master_key = directory.join(&config.master_key);
        config.model = config.model.map(|model| directory.join(model));
        Ok(config)
    }

    /// Refuses an address that is reachable from the network, unless that was asked for in so many words.
    pub fn check_exposure(&self, understood: bool) -> Result<(), ConfigError> {
        if self.listen.ip().is_loopback() || understood {
            Ok(())
        } else {
            Err(ConfigError::Exposed(self.listen))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_says_what_is_the_default() {
        let spoken: String = TEMPLATE
            .lines()
            .filter(|line| !line.contains("...") && !line.starts_with("#model"))
            .map(|line| {
                let setting = line.strip_prefix('#').filter(|line| line.contains(" = "));
                format!("{}\n", setting.unwrap_or(line))
            })
            .collect();
        let spoken: Config = toml::from_str(&spoken).unwrap();
        let silent: Config = toml::from_str(TEMPLATE).unwrap();
        assert_eq!(format!("{spoken:?}"), format!("{:?}", Config::default()));
        assert_eq!(format!("{silent:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(toml::from_str::<Config>("lisden = 3").is_err());
        assert!(toml::from_str::<Config>("listen = \"localhost\"").is_err());
        assert!(toml::from_str::<Config>("hospital = \"5Grw\"").is_err());
    }

    #[test]
    fn only_loopback_is_listened_on_unasked() {
        for (address, fine) in [
            ("127.0.0.1:0", true),
            ("[::1]:9955", true),
            ("0.0.0.0:9955", false),
            ("192.168.0.7:9955", false),
            ("[::]:9955", false),
        ] {
            let config = Config { listen: address.parse().unwrap(), ..Config::default() };
            assert_eq!(config.check_exposure(false).is_ok(), fine, "{address}");
            assert!(config.check_exposure(true).is_ok());
        }
    }
}
