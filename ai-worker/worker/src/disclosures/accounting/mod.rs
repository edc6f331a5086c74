//! Accounting of disclosures: all that was shown of a patient in a period, to whom, when, what and why.
//!
//! One query answers 45 CFR 164.528 (date, recipient, brief description, purpose; six years back) and Regulation (EU)
//! 2025/327, EHDS, article 9 (who accessed, when, what). Every answer says what the chain knows of it: which reported batch covers
//! an entry, which entries are not reported yet, and which numbers were lost.

pub mod csv;
pub mod fhir;
mod period;

pub use period::{Period, WrongPeriod};

use super::{Disclosure, Disclosures, Entry, What, events};
use crate::store::StoreError;
use galen_primitives::{
    AccountId, H256,
    audit::disclosure::{DisclosureBatch, ReportedBatch},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// What the chain knows of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cover {
    /// Its batch is on the chain, in finalized state.
    Reported,
    /// It is in no batch yet, or in one that the chain has not taken yet.
    Unreported,
    /// The chain has another batch at its number: this log is not the one that was reported.
    Conflicting,
    /// The chain could not be asked.
    Unknown,
}

/// Who received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recipient {
    /// The credential, or what another system calls the person.
    pub id: String,
    /// A name, where another system says one.
    pub name: Option<String>,
    /// The organisation: this hospital, by its account, unless another system names one.
    pub organisation: Option<String>,
}

/// One line of an accounting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The entry's number in the log.
    pub number: u64,
    /// When, in UTC (RFC 3339).
    pub date: String,
    /// Who received.
    pub recipient: Recipient,
    /// What, in words.
    pub description: String,
    /// What for, by HL7 code; empty where it was not said.
    pub purpose: String,
    /// The entry itself.
    pub entry: Disclosure,
    /// The number with which its batch begins, if it is in one.
    pub batch: Option<u64>,
    /// What the chain knows of it.
    pub cover: Cover,
}

/// A batch that covers a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Covering {
    /// The batch.
    #[serde(flatten)]
    pub batch: DisclosureBatch,
    /// Its head, which the next batch names.
    pub head: H256,
    /// The block of its report and the number of the audit entry, if the chain has it.
    pub block: Option<u32>,
    pub audit_entry: Option<u64>,
}

/// An accounting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Accounting {
    /// Whose.
    pub patient: AccountId,
    /// The period, as asked for.
    pub period: Period,
    /// The hospital that answers, if the worker knows its account.
    pub hospital: Option<AccountId>,
    /// The number under which this question is in the log itself.
    pub asked: u64,
    /// The finalized block at which the chain was asked for the batches.
    pub at: Option<H256>,
    /// What was disclosed, oldest first.
    pub lines: Vec<Line>,
    /// The batches that cover them.
    pub batches: Vec<Covering>,
    /// Numbers, from and up to before, whose entries were lost: nothing can be said of them.
    pub lost: Vec<(u64, u64)>,
}

/// What the chain says at a finalized block of the batches from a number on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainSays {
    /// The block.
    pub at: H256,
    /// The batches.
    pub batches: Vec<ReportedBatch>,
}

/// The entries of a patient in a period that come before the question's own, and the batches that hold them. Clocks may have
/// been set: all of the log is looked through.
pub fn gather(
    log: &Disclosures,
    patient: &AccountId,
    period: &Period,
    asked: u64,
) -> Result<Vec<(Entry, Option<DisclosureBatch>)>, StoreError> {
    let mut entries = Vec::new();
    log.scan(..asked, |entry| {
        if entry.disclosure.patient.as_ref() == Some(patient) && period.contains(entry.disclosure.at) {
            entries.push(entry);
        }
        true
    })?;
    entries
        .into_iter()
        .map(|entry| Ok((log.batch_of(entry.index)?, entry)))
        .map(|found| found.map(|(b, e)| (e, b)))
        .collect()
}

/// What a batch is worth, by what the chain says.
fn cover(batch: Option<&DisclosureBatch>, chain: Option<&ChainSays>) -> (Cover, Option<ReportedBatch>) {
    let (Some(batch), Some(chain)) = (batch, chain) else {
        return (if batch.is_some() { Cover::Unknown } else { Cover::Unreported }, None);
    };
    // The chain's batch that holds the number with which this one begins.
    let holds = |other: &&ReportedBatch| {
        other.batch.first <= batch.first && other.batch.end().is_some_and(|end| batch.first < end)
    };
    match chain.batches.iter().find(holds) {
        Some(reported) if reported.batch == *batch => (Cover::Reported, Some(*reported)),
        Some(_) => (Cover::Conflicting, None),
        None => (Cover::Unreported, None),
    }
}

impl Accounting {
    /// Puts together what was gathered and what the chain says; `chain` is `None` if it could not be asked.
    pub fn new(
        (patient, period, asked): (AccountId, Period, u64),
        hospital: Option<AccountId>,
        gathered: Vec<(Entry, Option<DisclosureBatch>)>,
        chain: Option<ChainSays>,
        lost: Vec<(u64, u64)>,
    ) -> Self {
        let mut batches = BTreeMap::new();
        let mut lines = Vec::new();
        for (entry, batch) in gathered {
            let (cover, reported) = cover(batch.as_ref(), chain.as_ref());
            if let Some(batch) = batch {
                let (block, audit_entry) = (reported.map(|r| r.block), reported.map(|r| r.entry));
                batches.insert(batch.first, Covering { batch, head: batch.head(), block, audit_entry });
            }
            lines.push(line(entry, batch, cover, hospital.as_ref()));
        }
        Accounting {
            patient,
            period,
            hospital,
            asked,
            at: chain.map(|chain| chain.at),
            lines,
            batches: batches.into_values().collect(),
            lost,
        }
    }
}

fn line(entry: Entry, batch: Option<DisclosureBatch>, cover: Cover, hospital: Option<&AccountId>) -> Line {
    let Entry { index, disclosure } = &entry;
    let told =
        disclosure.event.as_ref().and_then(|_| events::event(&entry, hospital)).map(|e| events::told(&e));
    let organisation = hospital.map(AccountId::to_string);
    let (id, name, told_organisation, description, purpose) = told.unwrap_or_else(|| {
        let purpose = disclosure.purpose.map(|purpose| purpose.code().to_owned());
        (disclosure.who.clone(), None, None, description(disclosure), purpose.unwrap_or_default())
    });
    Line {
        number: *index,
        date: period::instant(disclosure.at),
        recipient: Recipient { id, name, organisation: told_organisation.or(organisation) },
        description,
        purpose,
        batch: batch.map(|batch| batch.first),
        cover,
        entry: entry.disclosure,
    }
}

fn description(disclosure: &Disclosure) -> String {
    let subject = disclosure.subject.map(|subject| format!(" {subject:?}")).unwrap_or_default();
    match disclosure.what {
        What::Document => format!("read the document{subject}"),
        What::Summary => format!("read the summary{subject}"),
        What::Log => "read the log of disclosures".into(),
        What::Event => "an event of another system".into(),
        What::Accounting => "was given the accounting of disclosures".into(),
        What::Alive => "nothing".into(),
    }
}

#[cfg(test)]
mod tests;
