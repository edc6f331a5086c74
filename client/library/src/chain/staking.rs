//! Stakes and slashes.

use super::Chain;
use crate::{Error, amount::Balance};
use codec::{Compact, Decode};
use galen_primitives::{AccountId, H256};
use galen_proofs::storage_key as key;
use serde::Serialize;

/// What an account has bonded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stake {
    /// All of it, what is on its way out included.
    pub total: Balance,
    /// What counts in elections.
    pub active: Balance,
}

/// What a validator loses for an offence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Slash {
    /// The era of the offence.
    pub era: u32,
    /// The validator.
    pub validator: AccountId,
    /// What it loses itself, in the smallest unit; in JSON a decimal string.
    #[serde(with = "galen_primitives::text::amount")]
    pub amount: Balance,
    /// The era at whose start it is taken, if it still waits: until then the council can cancel it.
    pub due: Option<u32>,
}

// As pallet-staking stores it: whose, own amount, nominators' amounts, reporters, reward.
#[derive(Decode)]
struct Unapplied {
    validator: AccountId,
    _amounts: (Balance, Vec<(AccountId, Balance)>),
    _reporters: Vec<AccountId>,
    _payout: Balance,
}

impl Chain {
    /// What an account has bonded; `None` if nothing.
    pub async fn stake(&self, account: &AccountId, at: H256) -> Result<Option<Stake>, Error> {
        let found: Option<(AccountId, Compact<Balance>, Compact<Balance>)> =
            self.stored("Staking.Ledger", key::blake2("Staking", "Ledger", account.as_ref()), at).await?;
        Ok(found.map(|(_, Compact(total), Compact(active))| Stake { total, active }))
    }

    /// Slashes that staking still remembers, by era.
    pub async fn slashes(&self, at: H256) -> Result<Vec<Slash>, Error> {
        // By the era at whose start they are taken.
        let mut waiting: Vec<(u32, AccountId)> = Vec::new();
        for entry in self.stored_keys(&key::item("Staking", "UnappliedSlashes"), at).await? {
            // Twox64Concat: eight bytes of hash, then the era.
            let due = number(entry.get(key::PREFIX + 8..))?;
            let found: Option<Vec<Unapplied>> = self.stored("Staking.UnappliedSlashes", entry, at).await?;
            waiting.extend(found.unwrap_or_default().into_iter().map(|slash| (due, slash.validator)));
        }
        let delay: u32 = self
            .stored("Network.SlashDeferEras", key::item("Network", "SlashDeferEras"), at)
            .await?
            .unwrap_or_default();
        let mut slashes = Vec::new();
        for entry in self.stored_keys(&key::item("Staking", "ValidatorSlashInEra"), at).await? {
            let era = number(entry.get(key::PREFIX + 8..))?;
            let validator = entry.last_chunk::<32>().copied().map(AccountId::new);
            let validator = validator.ok_or(Error::Undecodable("Staking.ValidatorSlashInEra"))?;
            let found: Option<(u32, Balance)> = self.stored("Staking.ValidatorSlashInEra", entry, at).await?;
            let Some((_, amount)) = found else { continue };
            // As pallet-staking defers it.
            let due = era.saturating_add(delay).saturating_add(1);
            let waits = waiting.iter().any(|(when, who)| *when == due && *who == validator);
            slashes.push(Slash { era, validator, amount, due: waits.then_some(due) });
        }
        slashes.sort_by(|a, b| (a.era, &a.validator).cmp(&(b.era, &b.validator)));
        Ok(slashes)
    }
}

fn number(bytes: Option<&[u8]>) -> Result<u32, Error> {
    u32::decode(&mut bytes.unwrap_or_default()).map_err(|_| Error::Undecodable("an era"))
}
