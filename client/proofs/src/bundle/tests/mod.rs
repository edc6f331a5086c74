mod chain;
mod file;
mod finality;
mod follow;
mod leaf;
mod subject;
mod tamper;
