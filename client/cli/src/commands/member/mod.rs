//! `galen member`: hospitals of the consortium.

mod list;
mod nodes;
mod worker_keys;

use super::{
    Context, account,
    council::{self, Mover},
    hash, now,
};
use galen_client::{Error, calls::Motion};
use galen_primitives::{AccountId, H256, UnixSeconds, member::Quotas};

/// Member hospitals.
#[derive(clap::Subcommand)]
pub enum Command {
    /// All members and their standing.
    List,
    /// Move in the council that a hospital be admitted.
    Admit {
        /// Its account.
        #[arg(value_parser = account)]
        account: AccountId,
        /// Its name: printable ASCII, at most 64 characters.
        #[arg(long)]
        name: String,
        /// Grants that it may relay each day.
        #[arg(long, default_value_t = 1_000)]
        grants_per_day: u32,
        /// Summary jobs that it may have open at once.
        #[arg(long, default_value_t = 32)]
        open_jobs: u32,
        #[command(flatten)]
        mover: Mover,
    },
    /// Move in the council that a hospital be evicted.
    Evict {
        /// Its account.
        #[arg(value_parser = account)]
        account: AccountId,
        #[command(flatten)]
        mover: Mover,
    },
    /// Move in the council that a hospital be suspended for a time: an emergency, for which more than half is enough.
    Suspend {
        /// Its account.
        #[arg(value_parser = account)]
        account: AccountId,
        /// For how many blocks (1,800 are an hour).
        #[arg(long)]
        blocks: u32,
        #[command(flatten)]
        mover: Mover,
    },
    /// Move in the council that a suspension be lifted before its time.
    Lift {
        /// The hospital's account.
        #[arg(value_parser = account)]
        account: AccountId,
        #[command(flatten)]
        mover: Mover,
    },
    /// Move in the council when a membership ends.
    SetExpiry {
        /// The hospital's account.
        #[arg(value_parser = account)]
        account: AccountId,
        #[command(flatten)]
        end: End,
        #[command(flatten)]
        mover: Mover,
    },
    /// The nodes of all hospitals, or what this hospital sets as its own.
    Nodes(nodes::Nodes),
    /// Set this hospital's worker key, the sr25519 public key that signs its receipts.
    SetWorkerKey {
        /// The public key: SS58, 0x… or a development seed.
        #[arg(value_parser = account)]
        worker_key: AccountId,
        /// The hospital's key.
        #[arg(long)]
        key: String,
    },
    /// The worker keys that a hospital has had, and since when any of them is suspect.
    WorkerKeys {
        /// The hospital's account.
        #[arg(value_parser = account)]
        hospital: AccountId,
    },
    /// Mark a worker key suspect: what it signed from a block on is in doubt. Nothing takes that back.
    MarkSuspect(worker_keys::MarkSuspect),
    /// The receipts of a hospital that a suspect key signed from its suspect block on.
    SuspectReceipts {
        /// The hospital's account.
        #[arg(value_parser = account)]
        hospital: AccountId,
    },
    /// Vote for (or against) a motion; as `galen council vote`, for those who have its hash.
    #[command(hide = true)]
    Vote {
        /// The proposal's hash.
        #[arg(value_parser = hash)]
        proposal: H256,
        /// The motion's index.
        index: u32,
        /// Vote against.
        #[arg(long)]
        against: bool,
        /// The council member's key.
        #[arg(long)]
        key: String,
    },
    /// Close a motion; as `galen council close`, for those who have its hash.
    #[command(hide = true)]
    Close {
        /// The proposal's hash.
        #[arg(value_parser = hash)]
        proposal: H256,
        /// The motion's index.
        index: u32,
        /// The proposal's length in bytes, as `length` was printed when it was moved.
        #[arg(long)]
        length: u32,
        /// A member's key.
        #[arg(long)]
        key: String,
    },
}

/// When a membership ends.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub struct End {
    /// So many days from now.
    #[arg(long)]
    in_days: Option<u32>,
    /// At this second since 1970.
    #[arg(long)]
    at: Option<UnixSeconds>,
    /// Never.
    #[arg(long)]
    never: bool,
}

impl End {
    fn seconds(&self) -> Option<UnixSeconds> {
        self.at.or_else(|| self.in_days.map(|days| now() + u64::from(days) * 24 * 60 * 60))
    }
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::List => list::run(context).await,
        Command::Admit { account, name, grants_per_day, open_jobs, mover } => {
            let quotas = Quotas { grants_per_day, open_jobs };
            council::propose(context, &Motion::Admit(account, name, quotas), &mover).await
        }
        Command::Evict { account, mover } => council::propose(context, &Motion::Evict(account), &mover).await,
        Command::Suspend { account, blocks, mover } => {
            council::propose(context, &Motion::Suspend(account, blocks), &mover).await
        }
        Command::Lift { account, mover } => {
            council::propose(context, &Motion::LiftSuspension(account), &mover).await
        }
        Command::SetExpiry { account, end, mover } => {
            council::propose(context, &Motion::SetExpiry(account, end.seconds()), &mover).await
        }
        Command::Nodes(command) => nodes::run(context, command).await,
        Command::SetWorkerKey { worker_key, key } => worker_keys::set(context, worker_key, &key).await,
        Command::WorkerKeys { hospital } => worker_keys::list(context, &hospital).await,
        Command::MarkSuspect(command) => worker_keys::mark(context, command).await,
        Command::SuspectReceipts { hospital } => worker_keys::receipts(context, &hospital).await,
        Command::Vote { proposal, index, against, key } => {
            council::vote(context, &context.chain().await?, proposal, index, against, &key).await
        }
        Command::Close { proposal, index, length, key } => {
            council::close(context, &context.chain().await?, proposal, index, length, &key).await
        }
    }
}
