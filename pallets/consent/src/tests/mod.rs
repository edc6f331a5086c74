//! Behaviour by behaviour; each test ends with the invariants of `try_state`.

mod decide;
mod enrol;
mod grant;
mod list;
mod mandate;
mod property;
mod relying;
mod revoke;
mod signature;
mod try_state;
mod usage;
