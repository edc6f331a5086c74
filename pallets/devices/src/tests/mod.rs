mod anchor;
mod lifecycle;
mod offchain;
mod reference;
mod register;
mod rotate;
mod try_state;
