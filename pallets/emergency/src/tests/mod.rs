//! One file per behaviour.

mod break_glass;
mod property;
mod query;
mod review;
mod rule;
mod try_state;
