//! The pallets' configuration, grouped by concern.

pub mod calls;
pub mod conduct;
pub mod consensus;
pub mod consortium;
pub mod data_use;
pub mod election;
pub mod fees;
pub mod seats;
pub mod sessions;
pub mod system;
