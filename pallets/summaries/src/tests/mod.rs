mod deadline;
mod emergency;
mod lab;
mod offchain;
mod offchain_trouble;
mod property;
mod request;
mod submit;
