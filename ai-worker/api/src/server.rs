//! Serves methods by their declarations.

use crate::{Code, Method, MethodError, find};
use jsonrpsee::{
    RpcModule,
    core::RegisterMethodError,
    types::{ErrorObjectOwned, Params},
};
use std::sync::Arc;

/// What a method gives.
pub type Answer<M> = Result<<M as Method>::Answer, MethodError>;

/// Methods over one context, each registered under its declared name.
pub struct Methods<C> {
    module: RpcModule<C>,
}

impl<C: Send + Sync + 'static> Methods<C> {
    /// None yet.
    pub fn new(context: C) -> Self {
        Methods { module: RpcModule::new(context) }
    }

    /// Serves the method whose parameters `act` takes. `K` is who calls: whatever stands before the methods
    /// puts it into the request's extensions. Parameters that are not those of the method are refused in
    /// words that repeat none of them.
    ///
    /// # Errors
    /// The method is served already, or is not in [`crate::METHODS`], so that nobody may call it.
    pub fn serve<M, K, F, R>(&mut self, act: F) -> Result<(), RegisterMethodError>
    where
        M: Method,
        K: Clone + Send + Sync + 'static,
        F: Fn(Arc<C>, K, M) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Answer<M>> + Send + 'static,
    {
        if find(M::NAME).is_none() {
            return Err(RegisterMethodError::MethodNotFound(M::NAME.into()));
        }
        self.module.register_async_method(M::NAME, move |params, context, extensions| {
            let act = act.clone();
            async move {
                let caller = extensions.get::<K>().cloned();
                let caller = caller.ok_or_else(|| MethodError::new(Code::Internal, "no caller"))?;
                let answer = act(context, caller, parse(&params)?).await;
                answer.map_err(|error| ErrorObjectOwned::from(declared::<M>(error)))
            }
        })?;
        Ok(())
    }

    /// For a server.
    pub fn into_module(self) -> RpcModule<C> {
        self.module
    }
}

/// The parameters, none at all counting as an empty object; an error tells what is expected and not what
/// came, which may be a patient's text.
fn parse<M: Method>(params: &Params<'_>) -> Result<M, MethodError> {
    let text = params.as_str().map(str::trim).filter(|text| *text != "null").unwrap_or("{}");
    serde_json::from_str(text).map_err(|_| MethodError::new(Code::InvalidParams, M::expects()))
}

/// An error that a method declares. Where tests run, another one is a fault of the declaration.
fn declared<M: Method>(error: MethodError) -> MethodError {
    #[cfg(feature = "testing")]
    assert!(
        M::ERRORS.contains(&error.code) || Code::ALWAYS.contains(&error.code),
        "{} does not declare {:?}: {error}",
        M::NAME,
        error.code
    );
    error
}
