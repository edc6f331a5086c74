//! One file per behaviour.

mod open_access;
mod property;
mod query;
mod review;
mod rule;
mod try_state;
