mod chain;
mod file;
mod finality;
mod follow;
mod subject;
mod tamper;
