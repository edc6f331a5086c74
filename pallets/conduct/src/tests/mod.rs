mod absence;
mod offence;
mod reference;
mod reward;
mod setting;
mod try_state;
