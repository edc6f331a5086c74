mod deadline;
mod desk;
mod emergency;
mod offchain;
mod offchain_trouble;
mod property;
mod request;
mod submit;
