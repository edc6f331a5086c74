//! What can go wrong, in words that say what to do.

/// Errors of the library.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The node could not be reached or did not answer.
    #[error("the node at {url} does not answer ({why}): is galen-node running, and is its RPC port right?")]
    NodeUnreachable {
        /// Where it was looked for.
        url: String,
        /// What the connection said.
        why: String,
    },
    /// The node answered with an error.
    #[error("the node refused: {0}")]
    Node(String),
    /// The chain executed the call and refused it.
    #[error("the chain refused: {pallet}.{error}")]
    Refused {
        /// The pallet that refused.
        pallet: String,
        /// Its error.
        error: String,
    },
    /// The transaction was not taken into a block.
    #[error("the transaction was not taken: {0}")]
    NotIncluded(String),
    /// An answer of the node did not decode: another runtime than this client knows.
    #[error(
        "cannot read the node's answer to {0}: does the node run another version of Galen than this client?"
    )]
    Undecodable(&'static str),
    /// The worker could not be reached.
    #[error("the worker at {url} does not answer ({why}): is galen-worker running, and is its port right?")]
    WorkerUnreachable {
        /// Where it was looked for.
        url: String,
        /// What the connection said.
        why: String,
    },
    /// The worker answered with an error.
    #[error("the worker refused ({code}): {message}")]
    Worker {
        /// The stable code.
        code: i32,
        /// What it said.
        message: String,
    },
    /// A key could not be read.
    #[error("{0}")]
    Key(String),
    /// Input that makes no sense.
    #[error("{0}")]
    Input(String),
}

impl From<galen_proofs::Error> for Error {
    fn from(why: galen_proofs::Error) -> Self {
        Error::Input(why.0)
    }
}

/// An error with its causes, since subxt tells what matters in the innermost.
pub fn chain_of(why: &dyn std::error::Error) -> String {
    let mut text = why.to_string();
    let mut cause = why.source();
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = inner.source();
    }
    text
}
