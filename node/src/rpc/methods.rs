//! How a method is registered: its name, its parameters, and what it asks the runtime.

use super::{
    answer::{Answer, Page},
    errors::Error,
    finality::Finality,
    reader::{Api, ReadError, Reader},
};
use codec::Codec;
use galen_rpc_params::{Args, Cursor, DEFAULT_PAGE, MAX_PAGE, cut};
use galen_runtime::Hash;
use jsonrpsee::{
    RpcModule,
    core::RegisterMethodError,
    types::{ErrorObjectOwned, Params},
};
use serde::Serialize;

/// Every method and subscription works with these.
#[derive(Clone)]
pub struct Context {
    /// Reads the chain.
    pub reader: Reader,
    /// Tells of finality.
    pub finality: Finality,
}

/// Galen's methods are registered in one module.
pub type Methods = RpcModule<Context>;

/// Registering a method ends so: a name can be given once.
pub type Registered = Result<(), RegisterMethodError>;

/// Registers a method that reads one value. Beside `params` it takes `at`, the hash of a block.
pub fn value<T: Serialize + Clone + 'static>(
    methods: &mut Methods,
    name: &'static str,
    params: &'static [&'static str],
    ask: impl Fn(&Api, Hash, &Args) -> Result<T, ReadError> + Clone + Send + Sync + 'static,
) -> Registered {
    let params = [params, &["at"]].concat();
    register(methods, name, move |given, reader| {
        let args = Args::read(given.as_str(), &params)?;
        let block = reader.block(args.find("at")?)?;
        let value = reader.ask(block, |api, at| ask(api, at, &args))?;
        Ok(Answer { block, value })
    })
}

/// Registers a method that reads a list, page by page. Beside `params` it takes `limit`, `cursor` and `at`.
pub fn list<T: Serialize + Clone + 'static>(
    methods: &mut Methods,
    name: &'static str,
    params: &'static [&'static str],
    ask: impl Fn(&Api, Hash, &Args) -> Result<Vec<T>, ReadError> + Clone + Send + Sync + 'static,
) -> Registered {
    pages(methods, name, params, move |api, at, args, position, limit| {
        Ok(cut(ask(api, at, args)?, position.unwrap_or(0), limit))
    })
}

/// Registers a method that reads a list of which the runtime itself gives pages: `ask` gets the position to
/// go on after and the most items, and says the position of the next page.
pub fn pages<P: Codec + Clone + 'static, T: Serialize + Clone + 'static>(
    methods: &mut Methods,
    name: &'static str,
    params: &'static [&'static str],
    ask: impl Fn(&Api, Hash, &Args, Option<P>, u32) -> Result<(Vec<T>, Option<P>), ReadError>
    + Clone
    + Send
    + Sync
    + 'static,
) -> Registered {
    let params = [params, &["limit", "cursor", "at"]].concat();
    register(methods, name, move |given, reader| {
        let args = Args::read(given.as_str(), &params)?;
        let limit = limit(&args)?;
        let (at, cursor) = (args.find("at")?, args.find::<Cursor<P>>("cursor")?);
        let (pinned, position) = cursor.map(|cursor| (cursor.block, cursor.position)).unzip();
        if pinned.is_some_and(|block| at.is_some_and(|at| at != block)) {
            return Err(Error::Params(
                "parameter `cursor`: it belongs to another block than `at`".to_owned(),
            ));
        }
        let block = reader.block(pinned.or(at))?;
        let (items, next) = reader.ask(block, |api, at| ask(api, at, &args, position, limit))?;
        let next = next.map(|position| Cursor { block: block.hash, position });
        Ok(Answer { block, value: Page { items, next } })
    })
}

/// Reads how many items a page shall hold.
pub fn limit(args: &Args) -> Result<u32, Error> {
    let limit = args.find("limit")?.unwrap_or(DEFAULT_PAGE);
    if (1..=MAX_PAGE).contains(&limit) {
        Ok(limit)
    } else {
        Err(Error::Params(format!("parameter `limit`: from 1 to {MAX_PAGE}")))
    }
}

// Runtimes are wasm and databases block: on threads that may wait.
fn register<T: Serialize + Clone + 'static>(
    methods: &mut Methods,
    name: &'static str,
    answer: impl Fn(&Params, &Reader) -> Result<Answer<T>, Error> + Clone + Send + Sync + 'static,
) -> Registered {
    methods.register_blocking_method(name, move |given, context, _| {
        answer(&given, &context.reader).map_err(ErrorObjectOwned::from)
    })?;
    Ok(())
}
