//! `galen model`: registration, and the council's approval.

use super::{
    Context,
    council::{self, Mover},
    file_hash, hash,
};
use galen_client::{Error, calls, calls::Motion};
use galen_primitives::{H256, model::ModelTerms};
use serde_json::json;
use std::path::PathBuf;

/// Models and the council's approval.
#[derive(clap::Subcommand)]
pub enum Command {
    /// The hash of a model file, as it is registered.
    Hash {
        /// The GGUF file.
        file: PathBuf,
    },
    /// Register a model.
    Register(Register),
    /// Move in the council that a model be approved; with a council of one it is done at once.
    Approve {
        /// The model's hash.
        #[arg(value_parser = hash)]
        model: H256,
        #[command(flatten)]
        mover: Mover,
    },
    /// Move in the council that an approval be withdrawn.
    Withdraw {
        /// The model's hash.
        #[arg(value_parser = hash)]
        model: H256,
        #[command(flatten)]
        mover: Mover,
    },
    /// Show a registered model.
    Show {
        /// The model's hash.
        #[arg(value_parser = hash)]
        model: H256,
    },
}

/// Which model, and what is said of it.
#[derive(clap::Args)]
pub struct Register {
    /// The GGUF file.
    file: PathBuf,
    /// A short name.
    #[arg(long)]
    name: String,
    /// SPDX licence expression.
    #[arg(long)]
    licence: String,
    /// The model card.
    #[arg(long)]
    card: PathBuf,
    /// The registered model that it was derived from.
    #[arg(long, value_parser = hash)]
    parent: Option<H256>,
    /// The member's key.
    #[arg(long)]
    key: String,
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::Hash { file } => {
            let hash = file_hash(b"", &file)?;
            context.out.answer(&json!({ "model": hash }), format!("{hash:?}"));
            Ok(true)
        }
        Command::Register(asked) => register(context, asked).await,
        Command::Approve { model, mover } => {
            council::propose(context, &Motion::ApproveModel(model), &mover).await
        }
        Command::Withdraw { model, mover } => {
            council::propose(context, &Motion::WithdrawModel(model), &mover).await
        }
        Command::Show { model } => show(context, model).await,
    }
}

async fn register(context: &Context, asked: Register) -> Result<bool, Error> {
    let Register { file, name, licence, card, parent, key } = asked;
    let short = |what: &str, text: String| {
        text.into_bytes().try_into().map_err(|_| Error::Input(format!("{what} may have at most 64 bytes")))
    };
    let terms = ModelTerms {
        hash: file_hash(b"", &file)?,
        name: short("the name", name)?,
        parent,
        licence: short("the licence", licence)?,
        card: file_hash(b"", &card)?,
    };
    let chain = context.chain().await?;
    let at = context.submit(&chain, &calls::register_model(&terms), &key).await?.block;
    context.out.answer(&json!({ "model": terms.hash, "block": at }), format!("registered {:?}", terms.hash));
    Ok(true)
}

async fn show(context: &Context, model: H256) -> Result<bool, Error> {
    let Some(found) = context.chain().await?.model(model, None).await? else {
        return Err(Error::Input(format!("{model:?} is not registered in finalized state")));
    };
    context.out.answer(&json!(found), format!("{:?} since block {}", found.status, found.status_since));
    Ok(true)
}
