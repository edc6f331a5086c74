//! The pallets' configuration, grouped by concern.

pub mod conduct;
pub mod consensus;
pub mod consortium;
pub mod election;
pub mod fees;
pub mod healthcare;
pub mod seats;
pub mod sessions;
pub mod system;
