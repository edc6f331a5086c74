//! Behaviour by behaviour; each test ends with the invariants of `try_state`.

mod anchor;
mod batch;
mod batches;
mod erase;
mod lineage;
mod state;
mod supersede;
mod withdraw;
