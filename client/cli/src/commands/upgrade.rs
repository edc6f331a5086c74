//! `galen upgrade`: a new runtime. The council authorises its hash; then anyone applies it.

use super::{
    Context,
    council::{self, Mover},
};
use galen_client::{Error, calls, calls::Motion, chain::Chain, runtime_file::Runtime};
use galen_primitives::H256;
use serde_json::json;
use std::path::PathBuf;

/// Runtime upgrades.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Move in the council that a runtime may be applied.
    Propose {
        /// The runtime, packed or not.
        wasm: PathBuf,
        #[command(flatten)]
        mover: Mover,
    },
    /// Apply the runtime that the council has authorised.
    Apply {
        /// The runtime: the same bytes that were proposed.
        wasm: PathBuf,
        /// The key of anyone with GLN for the fee, which is not taken if the runtime is applied.
        #[arg(long)]
        key: String,
    },
    /// The runtime of the chain, and the one that is authorised.
    Status,
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::Propose { wasm, mover } => {
            let runtime = Runtime::read(&wasm)?;
            let chain = context.chain().await?;
            let (best, _) = chain.best().await?;
            check(&chain, &runtime, best).await?;
            council::propose(context, &Motion::AuthorizeUpgrade(runtime.hash), &mover).await
        }
        Command::Apply { wasm, key } => apply(context, Runtime::read(&wasm)?, &key).await,
        Command::Status => status(context).await,
    }
}

async fn check(chain: &Chain, runtime: &Runtime, at: H256) -> Result<(), Error> {
    let (name, version) = chain.runtime(at).await?;
    follows(&name, version, &runtime.version.spec_name, runtime.version.spec_version).map_err(Error::Input)
}

/// Whether a runtime may follow the one that the chain has.
fn follows(name: &str, version: u32, new_name: &str, new_version: u32) -> Result<(), String> {
    if new_name != name {
        return Err(format!("this is a runtime of `{new_name}`; the chain is one of `{name}`"));
    }
    if new_version <= version {
        return Err(format!(
            "this runtime has spec version {new_version}, and the chain has {version}: only a higher version can follow"
        ));
    }
    Ok(())
}

async fn apply(context: &Context, runtime: Runtime, key: &str) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (best, _) = chain.best().await?;
    match chain.authorized_upgrade(best).await? {
        Some(hash) if hash == runtime.hash => {}
        Some(hash) => {
            return Err(Error::Input(format!(
                "the council has authorised the code {hash:?}; this is {:?}: apply the same bytes that were proposed",
                runtime.hash
            )));
        }
        None => {
            return Err(Error::Input(
                "the council has authorised no runtime: `galen upgrade propose`, votes, `galen council close`".into(),
            ));
        }
    }
    check(&chain, &runtime, best).await?;
    let included = context.submit(&chain, &calls::apply_authorized_upgrade(&runtime.code), key).await?;
    let happened = |event: &str| included.events.iter().any(|(name, _)| name == event);
    // The call succeeds even where the runtime is refused: only its events tell.
    if happened("System.RejectedInvalidAuthorizedUpgrade") || !happened("System.CodeUpdated") {
        return Err(Error::Refused {
            pallet: "System".into(),
            error: "RejectedInvalidAuthorizedUpgrade".into(),
        });
    }
    context.out.answer(
        &json!({
            "codeHash": runtime.hash, "specVersion": runtime.version.spec_version, "block": included.block,
        }),
        format!(
            "runtime {} is applied in block {:?}; the next block runs on it",
            runtime.version.spec_version, included.block
        ),
    );
    Ok(true)
}

async fn status(context: &Context) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, block) = chain.finalized().await?;
    let (name, version) = chain.runtime(head).await?;
    let code = H256(sp_crypto_hashing::blake2_256(&chain.code(head).await?));
    let authorized = chain.authorized_upgrade(head).await?;
    let next = authorized.map_or("no runtime is authorised to follow".into(), |hash| {
        format!("{hash:?} is authorised and not applied yet: `galen upgrade apply` with its file")
    });
    context.out.answer(
        &json!({
            "block": block, "specName": name, "specVersion": version, "codeHash": code, "authorized": authorized,
        }),
        format!("{name} {version}, code {code:?}\n{next}"),
    );
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_higher_version_of_the_same_runtime_follows() {
        assert!(follows("galen", 1, "galen", 2).is_ok());
        for version in [0, 1] {
            assert!(follows("galen", 1, "galen", version).unwrap_err().contains("only a higher version"));
        }
        assert!(follows("galen", 1, "other", 2).unwrap_err().contains("`other`"));
    }
}
