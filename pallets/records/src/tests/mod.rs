//! Behaviour by behaviour; each test ends with the invariants of `try_state`.

mod anchor;
mod lineage;
mod state;
mod supersede;
