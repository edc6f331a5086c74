//! `galen relying-party`: the apps whose passkeys may sign for patients.

use super::{
    Context,
    council::{self, Mover},
};
use galen_client::{Error, calls::Motion};
use galen_primitives::signature::RelyingParty;
use serde_json::json;

/// Apps whose passkeys may sign for patients, and the council's say in them.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Show them.
    List,
    /// Move in the council that an app's passkeys may sign from these origins, and from no others.
    Set {
        /// The relying party's id: a domain name in lower case, such as clinic.example.
        id: String,
        /// An origin as browsers write it, such as https://app.clinic.example; may be given up to eight times.
        #[arg(long = "origin", required = true)]
        origins: Vec<String>,
        #[command(flatten)]
        mover: Mover,
    },
    /// Move in the council that an app's passkeys may not sign any more, not even a revocation.
    Remove {
        /// The relying party's id.
        id: String,
        #[command(flatten)]
        mover: Mover,
    },
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::List => {
            let mut parties = context.chain().await?.relying_parties(None).await?;
            parties.sort_by(|a, b| a.id.cmp(&b.id));
            let lines: Vec<_> = parties.iter().map(line).collect();
            context.out.answer(&json!(parties), lines.join("\n"));
            Ok(true)
        }
        Command::Set { id, origins, mover } => set(context, id, origins, mover).await,
        Command::Remove { id, mover } => set(context, id, Vec::new(), mover).await,
    }
}

async fn set(context: &Context, id: String, origins: Vec<String>, mover: Mover) -> Result<bool, Error> {
    let party = RelyingParty::read(id, origins).map_err(Error::Input)?;
    council::propose(context, &Motion::SetRelyingParty(party), &mover).await
}

fn line(party: &RelyingParty) -> String {
    let origins: Vec<_> = party.origins.iter().map(|origin| String::from_utf8_lossy(origin)).collect();
    format!("{} from {}", String::from_utf8_lossy(&party.id), origins.join(", "))
}
