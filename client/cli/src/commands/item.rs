//! `galen item`: items in custody, such as drug lots and specimens.

use super::{Context, account, hash};
use galen_client::{Error, calls};
use galen_primitives::{AccountId, H256, records::custody::ItemKind};
use serde_json::json;

/// Items, such as drug lots and specimens, from hand to hand.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Register an item that this hospital holds.
    Register {
        /// Its id: random, or blinded; never a serial number.
        #[arg(value_parser = hash)]
        id: H256,
        /// What it is: device, drug-lot, specimen or other.
        #[arg(long, value_parser = kind)]
        kind: ItemKind,
        /// The hospital's key: a file or a development seed.
        #[arg(long)]
        key: String,
    },
    /// Offer an item to another member.
    Offer {
        /// Its id.
        #[arg(value_parser = hash)]
        id: H256,
        /// The member that is to hold it.
        #[arg(long, value_parser = account)]
        to: AccountId,
        /// The holder's key.
        #[arg(long)]
        key: String,
    },
    /// Take an item that is offered to this hospital.
    Accept {
        /// Its id.
        #[arg(value_parser = hash)]
        id: H256,
        /// The hospital's key.
        #[arg(long)]
        key: String,
    },
    /// Withdraw an offer that nobody has accepted.
    WithdrawOffer {
        /// Its id.
        #[arg(value_parser = hash)]
        id: H256,
        /// The holder's key.
        #[arg(long)]
        key: String,
    },
    /// Who holds an item, and who held it before.
    Show {
        /// Its id.
        #[arg(value_parser = hash)]
        id: H256,
    },
}

fn kind(text: &str) -> Result<ItemKind, String> {
    Ok(match text {
        "device" => ItemKind::Device,
        "drug-lot" => ItemKind::DrugLot,
        "specimen" => ItemKind::Specimen,
        "other" => ItemKind::Other,
        _ => return Err(format!("{text} is not a kind of item: one of device, drug-lot, specimen, other")),
    })
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (call, id, key, done) = match command {
        Command::Register { id, kind, key } => (calls::register_item(id, kind), id, key, "registered"),
        Command::Offer { id, to, key } => (calls::offer(id, &to), id, key, "offered"),
        Command::Accept { id, key } => (calls::accept(id), id, key, "accepted"),
        Command::WithdrawOffer { id, key } => (calls::withdraw_offer(id), id, key, "no longer offered"),
        Command::Show { id } => {
            let (head, _) = chain.finalized().await?;
            let Some(item) = chain.item(id, Some(head)).await? else {
                return Err(Error::Input(format!("no item {id:?} in finalized state")));
            };
            let steps = chain.custody(id, head).await?;
            let mut text: Vec<_> =
                steps.iter().map(|step| format!("since block {:8}  {}", step.since, step.holder)).collect();
            text.extend(item.offered_to.as_ref().map(|to| format!("offered to {to}")));
            context.out.answer(&json!({ "item": item, "custody": steps }), text.join("\n"));
            return Ok(true);
        }
    };
    let at = context.submit(&chain, &call, &key).await?.block;
    context.out.answer(&json!({ "item": id, "block": at }), format!("{id:?} is {done} since block {at:?}"));
    Ok(true)
}
