//! Asks a worker, by the declarations of its methods.

use crate::Method;
use jsonrpsee::{
    core::{ClientError, client::ClientT, traits::ToRpcParams},
    http_client::{HeaderMap, HeaderValue, HttpClient, HttpClientBuilder, transport},
};
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};
use std::time::Duration;

/// No answer takes longer, unless more time is given.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The largest request, in bytes.
const MAX_REQUEST: u32 = 16 * 1024 * 1024;

/// Why a call gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// What was given as a token is none.
    #[error("the token cannot be sent: it has characters that no token has")]
    Token,
    /// The worker answered with an error.
    #[error("{message} ({code})")]
    Refused {
        /// The number: [`crate::Code::of`] gives the code.
        code: i32,
        /// In words.
        message: String,
    },
    /// The worker does not know the token.
    #[error("the worker does not know this credential")]
    Unauthorized,
    /// What was answered is not what the method answers.
    #[error("the answer to {method} cannot be read: {why}")]
    Unreadable {
        /// Which method.
        method: &'static str,
        /// Why.
        why: String,
    },
    /// There was no answer.
    #[error("{url} does not answer: {why}")]
    Unreachable {
        /// Where it was looked for.
        url: String,
        /// Why.
        why: String,
    },
}

/// A worker under one credential.
#[derive(Clone)]
pub struct Client {
    http: HttpClient,
    url: String,
}

impl Client {
    /// A worker at `url`, as [`crate::DEFAULT_URL`], asked with a bearer token. Nothing is sent yet.
    ///
    /// # Errors
    /// The token or the address cannot be used.
    pub fn new(url: &str, token: &str) -> Result<Self, CallError> {
        Self::patient(url, token, PATIENCE)
    }

    /// The same, waiting so long for an answer.
    ///
    /// # Errors
    /// The token or the address cannot be used.
    pub fn patient(url: &str, token: &str, patience: Duration) -> Result<Self, CallError> {
        let mut value =
            HeaderValue::from_str(&format!("Bearer {}", token.trim())).map_err(|_| CallError::Token)?;
        value.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert("authorization", value);
        let http = HttpClientBuilder::default()
            .set_headers(headers)
            .request_timeout(patience)
            .max_request_size(MAX_REQUEST)
            .build(url)
            .map_err(|why| CallError::Unreachable { url: url.to_owned(), why: why.to_string() })?;
        Ok(Client { http, url: url.to_owned() })
    }

    /// Calls a method.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call<M: Method>(&self, params: &M) -> Result<M::Answer, CallError> {
        self.call_as(params).await
    }

    /// Calls a method and reads its answer as another type: as JSON, where every member is to be kept, also
    /// those of a newer worker.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call_as<M: Method, T: DeserializeOwned>(&self, params: &M) -> Result<T, CallError> {
        self.http.request(M::NAME, Named(params)).await.map_err(|why| match why {
            ClientError::Call(error) => {
                CallError::Refused { code: error.code(), message: error.message().to_owned() }
            }
            ClientError::ParseError(why) => CallError::Unreadable { method: M::NAME, why: why.to_string() },
            ClientError::Transport(why) if is_refusal(&*why) => CallError::Unauthorized,
            why => CallError::Unreachable { url: self.url.clone(), why: why.to_string() },
        })
    }
}

/// Whether the HTTP layer refused the token.
fn is_refusal(why: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    let why = why.downcast_ref::<transport::Error>();
    matches!(why, Some(transport::Error::Rejected { status_code: 401 | 403 }))
}

/// Parameters by name.
struct Named<'a, M>(&'a M);

impl<M: Method> ToRpcParams for Named<'_, M> {
    fn to_rpc_params(self) -> Result<Option<Box<RawValue>>, serde_json::Error> {
        to_raw_value(self.0).map(Some)
    }
}
