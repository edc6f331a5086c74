//! Reads the chain through its runtime APIs, at a block.

use super::{answer::At, errors::Error};
use crate::service::{Block, FullBackend, FullClient};
use galen_rpc_params::Wrong;
use galen_runtime::Hash;
use sc_client_api::{Backend, HeaderBackend};
use sp_api::{ApiError, ProvideRuntimeApi};
use std::sync::Arc;

/// The runtime APIs of one block.
pub type Api = <FullClient as ProvideRuntimeApi<Block>>::Api;

/// What a question to the runtime can come to: the runtime's own failure, or what [`Error`] says.
#[derive(Debug)]
pub enum Failure {
    /// The runtime did not answer.
    Runtime(ApiError),
    /// What was asked for is not there; says what.
    NotFound(&'static str),
    /// The question itself is wrong.
    Refused(Error),
}

impl From<ApiError> for Failure {
    fn from(why: ApiError) -> Self {
        Failure::Runtime(why)
    }
}

impl From<Error> for Failure {
    fn from(why: Error) -> Self {
        Failure::Refused(why)
    }
}

impl From<Wrong> for Failure {
    fn from(why: Wrong) -> Self {
        Failure::Refused(why.into())
    }
}

/// What must be there; `what` names it in the error.
pub fn found<T>(what: &'static str, value: Option<T>) -> Result<T, Failure> {
    value.ok_or(Failure::NotFound(what))
}

/// The chain as this node has it; cheap to clone.
#[derive(Clone)]
pub struct Reader {
    client: Arc<FullClient>,
    backend: Arc<FullBackend>,
}

impl Reader {
    /// A reader of the node's chain.
    pub fn new(client: Arc<FullClient>, backend: Arc<FullBackend>) -> Self {
        Self { client, backend }
    }

    /// The block `hash`, or the finalized head; an error if the node has no state of it.
    pub fn block(&self, hash: Option<Hash>) -> Result<At, Error> {
        let info = self.client.info();
        let at = match hash {
            None => At { hash: info.finalized_hash, number: info.finalized_number, finalized: true },
            Some(hash) => {
                let number = self.client.number(hash).map_err(|why| Error::internal(&why))?;
                let number = number.ok_or(Error::UnknownBlock(hash))?;
                let canonical = || self.client.hash(number).map_err(|why| Error::internal(&why));
                let finalized = number <= info.finalized_number && canonical()? == Some(hash);
                At { hash, number, finalized }
            }
        };
        if self.backend.have_state_at(at.hash, at.number) { Ok(at) } else { Err(Error::StateUnavailable(at)) }
    }

    /// Asks the runtime at a block. It runs wasm: not to be called where nothing may block.
    pub fn ask<T>(&self, at: At, ask: impl FnOnce(&Api, Hash) -> Result<T, Failure>) -> Result<T, Error> {
        let api = self.client.runtime_api();
        ask(&api, at.hash).map_err(|failure| match failure {
            Failure::Runtime(why) => Error::of_runtime(why, at),
            Failure::NotFound(what) => Error::NotFound(what, at),
            Failure::Refused(why) => why,
        })
    }
}
