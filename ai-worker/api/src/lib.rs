//! What `galen-worker` answers over JSON-RPC, declared once: methods, who may call them, parameters, answers,
//! errors, port.
//!
//! A method is the struct of its parameters ([`Method`]): [`vault::Get`] is `vault_get`. There is a file for
//! each namespace: [`node`], [`vault`], [`summaries`], [`readings`], [`disclosures`], [`audit`], [`worker`];
//! [`METHODS`] lists all of them. The worker serves them ([`server`], feature `server`), applications and the
//! `galen` command ask for them ([`client`], feature `client`), tests do without a worker ([`testing`],
//! feature `testing`), and docs/openrpc-worker.json and the tables of docs/worker.md are made from them
//! ([`describe`]).
//!
//! What the node's offchain workers need of it, which run as wasm, stands in `galen_primitives::worker`; a
//! test holds the two together.

pub mod audit;
#[cfg(feature = "client")]
pub mod client;
pub mod describe;
pub mod disclosures;
mod errors;
mod method;
pub mod node;
pub mod readings;
mod role;
#[cfg(feature = "server")]
pub mod server;
pub mod shape;
pub mod summaries;
#[cfg(feature = "testing")]
pub mod testing;
mod values;
pub mod vault;
pub mod worker;

pub use errors::{Code, MethodError};
pub use method::{Declared, Method, find};
pub use role::Role;
pub use values::{Account, Bytes, Path, Raw};

/// The port on which a worker listens unless it is told otherwise.
pub const DEFAULT_PORT: u16 = 9955;
/// Where a worker of this machine is found unless somebody says otherwise.
pub const DEFAULT_URL: &str = "http://127.0.0.1:9955";
/// At most this many entries come in one page.
pub const MAX_PAGE: u64 = 256;

/// Every method.
pub static METHODS: [Declared; 22] = [
    Declared::of::<node::HandOver>(),
    Declared::of::<node::Collect>(),
    Declared::of::<node::CollectDisclosures>(),
    Declared::of::<node::CollectReadings>(),
    Declared::of::<vault::Put>(),
    Declared::of::<vault::Get>(),
    Declared::of::<vault::MakeLeaves>(),
    Declared::of::<vault::Erase>(),
    Declared::of::<vault::ErasePatient>(),
    Declared::of::<summaries::GetStatus>(),
    Declared::of::<summaries::Get>(),
    Declared::of::<readings::Submit>(),
    Declared::of::<readings::Prove>(),
    Declared::of::<readings::ListRefused>(),
    Declared::of::<disclosures::List>(),
    Declared::of::<disclosures::Open>(),
    Declared::of::<audit::GetAccounting>(),
    Declared::of::<audit::Import>(),
    Declared::of::<audit::Export>(),
    Declared::of::<worker::BackUp>(),
    Declared::of::<worker::GetHealth>(),
    Declared::of::<worker::GetVersion>(),
];

#[cfg(test)]
mod tests;
