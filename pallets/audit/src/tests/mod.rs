mod append;
mod offchain;
mod pages;
mod prove;
mod reference;
mod report;
mod try_state;
