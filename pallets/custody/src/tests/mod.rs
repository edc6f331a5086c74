//! Behaviour by behaviour; each test ends with the invariants of `try_state`.

mod items;
mod model;
mod state;
