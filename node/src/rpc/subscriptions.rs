//! How a subscription is accepted, follows finality, and ends.

use super::{
    answer::{Answer, At},
    errors::Error,
    finality::Finality,
    methods::{Context, Methods, Registered},
    reader::{Api, ReadError, Reader},
};
use galen_rpc_params::Args;
use galen_runtime::Hash;
use jsonrpsee::{
    SubscriptionCloseResponse, SubscriptionMessage, SubscriptionSink,
    types::{ErrorObjectOwned, Params},
};
use serde::Serialize;
use std::future::Future;

/// A subscription has three names.
pub struct Names {
    /// The method that subscribes.
    pub subscribe: &'static str,
    /// The method of what is sent.
    pub notification: &'static str,
    /// The method that ends it.
    pub unsubscribe: &'static str,
}

/// A subscription ends for one of these reasons, before the client ends it.
#[derive(Debug)]
pub enum End {
    /// All is said, or nobody listens any more.
    Quiet,
    /// It cannot go on; the client is told.
    Failed(Error),
}

impl From<Error> for End {
    fn from(why: Error) -> Self {
        End::Failed(why)
    }
}

/// Registers a subscription. `open` reads the parameters and may refuse them; `run` sends until it ends.
pub fn register<S, Open, Opening, Run, Running>(
    methods: &mut Methods,
    names: Names,
    params: &'static [&'static str],
    open: Open,
    run: Run,
) -> Registered
where
    Open: Fn(Args, Source) -> Opening + Clone + Send + Sync + 'static,
    Opening: Future<Output = Result<S, Error>> + Send + 'static,
    Run: Fn(S, Source, Sink) -> Running + Clone + Send + Sync + 'static,
    Running: Future<Output = End> + Send + 'static,
    S: Send + 'static,
{
    methods.register_subscription(
        names.subscribe,
        names.notification,
        names.unsubscribe,
        move |given: Params<'static>, pending, context, _| {
            let (open, run) = (open.clone(), run.clone());
            async move {
                let Context { reader, finality } = (*context).clone();
                let source = Source { reader };
                let opened = match Args::read(given.as_str(), params) {
                    Ok(args) => open(args, source.clone()).await,
                    Err(why) => Err(why.into()),
                };
                let state = match opened {
                    Ok(state) => state,
                    Err(why) => {
                        pending.reject(why).await;
                        return SubscriptionCloseResponse::None;
                    }
                };
                // An error here means that the client has gone.
                let Ok(sink) = pending.accept().await else { return SubscriptionCloseResponse::None };
                match run(state, source, Sink { sink, finality }).await {
                    End::Quiet => SubscriptionCloseResponse::None,
                    End::Failed(why) => match SubscriptionMessage::from_json(&ErrorObjectOwned::from(why)) {
                        Ok(message) => SubscriptionCloseResponse::NotifErr(message),
                        Err(_) => SubscriptionCloseResponse::None,
                    },
                }
            }
        },
    )?;
    Ok(())
}

/// A subscription reads here.
#[derive(Clone)]
pub struct Source {
    reader: Reader,
}

impl Source {
    /// Asks the runtime at the finalized head, on a thread that may wait.
    pub async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Api, Hash) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<Answer<T>, Error> {
        let reader = self.reader.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let block = reader.block(None)?;
            Ok(Answer { block, value: reader.ask(block, ask)? })
        });
        asked.await.unwrap_or_else(|why| Err(Error::internal(&why)))
    }
}

/// A subscription sends here.
pub struct Sink {
    sink: SubscriptionSink,
    finality: Finality,
}

impl Sink {
    /// Sends a value; waits while the client reads more slowly than the node could send.
    pub async fn send<T: Serialize>(&self, block: At, value: T) -> Result<(), End> {
        let message = SubscriptionMessage::from_json(&Answer { block, value });
        let message = message.map_err(|why| Error::internal(&why))?;
        self.sink.send(message).await.map_err(|_| End::Quiet)
    }

    /// Waits until finality has moved on.
    pub async fn moved(&mut self) -> Result<(), End> {
        tokio::select! {
            () = self.sink.closed() => Err(End::Quiet),
            moved = self.finality.moved() => if moved { Ok(()) } else { Err(End::Quiet) },
        }
    }
}
