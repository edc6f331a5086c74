mod genesis;
mod model;
mod reference;
mod round;
mod try_state;
