//! `audit_`: the log of what was done, and following it.

use super::{
    answer::{Answer, Page},
    methods::{Methods, Registered, limit, list, value},
    reader::found,
    subscriptions::{self, End, Names, Sink, Source},
};
use galen_primitives::{
    AccountId, H256,
    api::{AuditApi, MAX_PAGE},
    audit::{Filter, LogState},
    reports::LogBatch,
};
use serde::Serialize;

#[derive(Clone, Serialize)]
struct Log {
    #[serde(flatten)]
    state: LogState,
    root: H256,
}

#[derive(Clone, Serialize)]
struct Holder {
    hospital: AccountId,
    latest: u64,
}

/// Registers the namespace.
pub fn register(methods: &mut Methods) -> Registered {
    value(methods, "audit_state", &[], |api, at, _| {
        let state = api.state(at)?;
        Ok(Log { root: state.root(), state })
    })?;
    // The log only grows: its cursor is the number of an entry, and belongs to no block.
    value(methods, "audit_entries", &["filter", "limit", "cursor"], |api, at, args| {
        let filter = args.find("filter")?.unwrap_or_default();
        let page = api.entries(at, filter, args.find("cursor")?.unwrap_or(0), limit(args)?)?;
        Ok(Page { items: page.entries, next: page.next })
    })?;
    list(methods, "audit_holders", &["patient"], |api, at, args| {
        let holders = api.holders(at, args.get("patient")?)?.into_iter();
        Ok(holders.map(|(hospital, latest)| Holder { hospital, latest }).collect())
    })?;
    list(methods, "audit_sites", &[], |api, at, _| Ok(api.sites(at)?))?;
    proofs(methods)?;
    // Disclosures are numbered without gaps: as with entries, the cursor is a number.
    value(methods, "audit_disclosureBatches", &["hospital", "limit", "cursor"], |api, at, args| {
        let (limit, from) = (limit(args)?, args.find("cursor")?.unwrap_or(0));
        let items = api.disclosure_batches(at, args.get("hospital")?, from, limit)?;
        let full = u32::try_from(items.len()).is_ok_and(|length| length >= limit);
        let next = items.last().filter(|_| full).and_then(|last| last.batch.end());
        Ok(Page { items, next })
    })?;
    let names = Names {
        subscribe: "audit_subscribeEntries",
        notification: "audit_entry",
        unsubscribe: "audit_unsubscribeEntries",
    };
    subscriptions::register(methods, names, &["filter", "cursor"], open, run)
}

// Of the log as it is at the block, unless an earlier size is given.
fn proofs(methods: &mut Methods) -> Registered {
    value(methods, "audit_inclusionProof", &["index", "size"], |api, at, args| {
        let size = match args.find("size")? {
            Some(size) => size,
            None => api.state(at)?.count,
        };
        found("entry in a log of that size", api.inclusion_proof(at, args.get("index")?, size)?)
    })?;
    value(methods, "audit_consistencyProof", &["old", "new"], |api, at, args| {
        let new = match args.find("new")? {
            Some(new) => new,
            None => api.state(at)?.count,
        };
        found("pair of sizes of the log", api.consistency_proof(at, args.get("old")?, new)?)
    })
}

/// Entries yet to be told: those that match, from a number on.
struct Following {
    filter: Filter,
    next: u64,
}

async fn open(args: galen_rpc_params::Args, source: Source) -> Result<Following, super::errors::Error> {
    let filter = args.find("filter")?.unwrap_or_default();
    let next = match args.find("cursor")? {
        Some(next) => next,
        None => source.ask(|api, at| Ok(api.state(at)?.count)).await?.value,
    };
    Ok(Following { filter, next })
}

async fn run(mut following: Following, source: Source, mut sink: Sink) -> End {
    loop {
        if let Err(end) = following.tell(&source, &sink).await {
            return end;
        }
        if let Err(end) = sink.moved().await {
            return end;
        }
    }
}

impl Following {
    // Tells all that is final.
    async fn tell(&mut self, source: &Source, sink: &Sink) -> Result<(), End> {
        loop {
            let (filter, from) = (self.filter.clone(), self.next);
            let asked = source.ask(move |api, at| {
                let count = api.state(at)?.count;
                Ok((count, api.entries(at, filter, from, MAX_PAGE)?))
            });
            let Answer { block, value: (count, page) } = asked.await?;
            for entry in page.entries {
                sink.send(block, entry).await?;
            }
            match page.next {
                Some(next) => self.next = next,
                // A number beyond the end is one that a node further on gave: it is waited for.
                None => {
                    self.next = from.max(count);
                    return Ok(());
                }
            }
        }
    }
}
