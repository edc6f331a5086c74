mod admission;
mod genesis;
mod govern;
mod quotas;
mod reference;
mod try_state;
mod validate;
mod worker_key;
