//! The runtime APIs that clients and workers call, one file for each pallet; SCALE in and out, answered from
//! the state of the block asked at.

mod audit;
mod consent;
mod consortium;
mod custody;
mod devices;
mod emergency;
mod federated;
mod records;
mod summaries;

pub use audit::*;
pub use consent::*;
pub use consortium::*;
pub use custody::*;
pub use devices::*;
pub use emergency::*;
pub use federated::*;
pub use records::*;
pub use summaries::*;

/// At most this many entries come in one page.
pub const MAX_PAGE: u32 = 256;
