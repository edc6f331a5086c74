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
use crate::{reports::ReportLog, store::StoreError};
use galen_primitives::{
    AccountId, H256,
    audit::disclosure::{DisclosureBatch, ReportedBatch},
    reports::LogBatch,
};
use galen_worker_api::audit::{Accounting, Cover, Covering, Line, Recipient};
use std::collections::BTreeMap;

/// What the chain says at a finalized block of the batches from a number on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainSays {
    /// The block.
    pub at: H256,
    /// The batches.
    pub batches: Vec<ReportedBatch>,
}

/// What the log says of a patient in a period.
pub struct Gathered {
    patient: AccountId,
    period: Period,
    asked: u64,
    entries: Vec<(Entry, Option<DisclosureBatch>)>,
    lost: Vec<(u64, u64)>,
}

impl Gathered {
    /// The entries of a patient in a period that come before the question's own, number `asked`, and the batches that hold
    /// them. Clocks may have been set: all of the log is looked through.
    pub fn from_log(
        log: &Disclosures,
        patient: AccountId,
        period: Period,
        asked: u64,
    ) -> Result<Self, StoreError> {
        let mut found = Vec::new();
        log.scan(..asked, |entry| {
            let disclosure = &entry.disclosure;
            if disclosure.patient.as_ref() == Some(&patient) && period.contains(disclosure.at) {
                found.push(entry);
            }
            true
        })?;
        let mut entries = Vec::with_capacity(found.len());
        for entry in found {
            let batch = log.batch_of(entry.index)?;
            entries.push((entry, batch));
        }
        Ok(Gathered { patient, period, asked, entries, lost: log.lost()? })
    }

    /// With which numbers the first and the last batch begin that hold entries; `None` if no batch does.
    pub fn batches(&self) -> Option<(u64, u64)> {
        let firsts = || self.entries.iter().filter_map(|(_, batch)| Some(batch.as_ref()?.first));
        Some((firsts().min()?, firsts().max()?))
    }

    /// The accounting, with what the chain says; `chain` is `None` if it could not be asked.
    pub fn accounting(self, hospital: Option<AccountId>, chain: Option<ChainSays>) -> Accounting {
        let mut batches = BTreeMap::new();
        let mut lines = Vec::new();
        for (entry, batch) in self.entries {
            let (cover, reported) = cover(batch.as_ref(), chain.as_ref());
            if let Some(batch) = batch {
                let (block, audit_entry) = (reported.map(|r| r.block), reported.map(|r| r.entry));
                batches.insert(batch.first, Covering { batch, head: batch.head(), block, audit_entry });
            }
            lines.push(line(entry, batch, cover, hospital.as_ref()));
        }
        Accounting {
            patient: self.patient,
            period: self.period.written(),
            hospital,
            asked: self.asked,
            at: chain.map(|chain| chain.at),
            lines,
            batches: batches.into_values().collect(),
            lost: self.lost,
        }
    }
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

fn line(entry: Entry, batch: Option<DisclosureBatch>, cover: Cover, hospital: Option<&AccountId>) -> Line {
    let Entry { index, disclosure } = &entry;
    let said =
        disclosure.event.as_ref().and_then(|_| events::event(&entry, hospital)).map(|e| events::said(&e));
    let organisation = hospital.map(AccountId::to_string);
    let (id, name, said_organisation, description, purpose) = said.unwrap_or_else(|| {
        let purpose = disclosure.purpose.map(|purpose| purpose.code().to_owned());
        (disclosure.who.clone(), None, None, description(disclosure), purpose.unwrap_or_default())
    });
    Line {
        number: *index,
        date: period::instant(disclosure.at),
        recipient: Recipient { id, name, organisation: said_organisation.or(organisation) },
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
