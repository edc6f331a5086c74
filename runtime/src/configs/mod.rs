//! The pallets' configuration, grouped by concern.

pub mod consensus;
pub mod consortium;
pub mod fees;
pub mod healthcare;
pub mod system;
