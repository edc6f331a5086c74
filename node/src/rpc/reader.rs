//! Reads the chain through its runtime APIs, at a block.

use super::{answer::At, errors::Error};
use crate::client::{Block, FullBackend, FullClient};
use galen_rpc_params::Wrong;
use galen_runtime::Hash;
use sc_client_api::{Backend, HeaderBackend};
use sp_api::{ApiError, ProvideRuntimeApi};
use std::sync::Arc;

/// The runtime APIs are asked through this.
pub type Api = <FullClient as ProvideRuntimeApi<Block>>::Api;

/// The runtime was asked, and there is no answer.
#[derive(Debug)]
pub enum ReadError {
    /// The runtime did not answer.
    Runtime(ApiError),
    /// What was asked for is not there; says what.
    NotFound(&'static str),
    /// The question itself is wrong.
    Refused(Error),
}

impl From<ApiError> for ReadError {
    fn from(why: ApiError) -> Self {
        ReadError::Runtime(why)
    }
}

impl From<Error> for ReadError {
    fn from(why: Error) -> Self {
        ReadError::Refused(why)
    }
}

impl From<Wrong> for ReadError {
    fn from(why: Wrong) -> Self {
        ReadError::Refused(why.into())
    }
}

/// Takes out what must be there; `what` names it in the error.
pub fn found<T>(what: &'static str, value: Option<T>) -> Result<T, ReadError> {
    value.ok_or(ReadError::NotFound(what))
}

/// Reads the chain as this node has it; cheap to clone.
#[derive(Clone)]
pub struct Reader {
    client: Arc<FullClient>,
    backend: Arc<FullBackend>,
}

impl Reader {
    /// Makes a reader of the node's chain.
    pub fn new(client: Arc<FullClient>, backend: Arc<FullBackend>) -> Self {
        Self { client, backend }
    }

    /// Finds the block `hash`, or the finalized head; an error if the node has no state of it.
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

    /// Asks the runtime at a block. It runs wasm, and is not to be called where nothing may block.
    pub fn ask<T>(&self, at: At, ask: impl FnOnce(&Api, Hash) -> Result<T, ReadError>) -> Result<T, Error> {
        let api = self.client.runtime_api();
        ask(&api, at.hash).map_err(|failure| match failure {
            ReadError::Runtime(why) => Error::of_runtime(why, at),
            ReadError::NotFound(what) => Error::NotFound(what, at),
            ReadError::Refused(why) => why,
        })
    }
}
