mod append;
mod pages;
mod reference;
mod try_state;
