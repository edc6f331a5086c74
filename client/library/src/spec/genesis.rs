//! What stands in a genesis, decoded from its storage.

use super::raw::{Spec, Storage};
use crate::{Error, amount::Balance, session_keys::SessionKeys};
use codec::{Compact, Decode};
use galen_primitives::{
    AccountId, H256,
    member::{Member, PeerId},
    text::amount,
};
use galen_proofs::storage_key as key;
use serde::Serialize;

/// A founding hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Founder {
    /// Its account: member, stash and validator id.
    pub account: AccountId,
    /// Its registered name.
    pub name: String,
    /// The key that signs its worker's receipts.
    pub worker_key: Option<H256>,
    /// Its validator's session keys.
    pub session_keys: Option<SessionKeys>,
    /// What it has bonded, in the smallest unit; in JSON a decimal string.
    #[serde(with = "amount")]
    pub stake: Balance,
    /// What it has beside that.
    #[serde(with = "amount")]
    pub free: Balance,
    /// Whether it has a seat in the council.
    pub council: bool,
    /// Whether it validates from the first session on.
    pub validator: bool,
    /// The peer ids of its nodes.
    pub nodes: Vec<String>,
    /// Whether its membership has an end, or is suspended: no founder's has.
    pub limited: bool,
}

/// An account that is no founder's and has something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// The account.
    pub account: AccountId,
    /// All it has; in JSON a decimal string.
    #[serde(with = "amount")]
    pub balance: Balance,
}

/// What the founders agree on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Genesis {
    /// Slots of an epoch.
    pub epoch_blocks: u32,
    /// Epochs of an era.
    pub sessions_per_era: u32,
    /// Blocks in which a summary must be answered.
    pub job_blocks: u32,
    /// Eras between an offence and its slash.
    pub slash_defer_eras: u32,
    /// After so many sessions in a row a validator that is absent loses its seat.
    pub absence_sessions: u32,
    /// What the validators of an era get together from the treasury; in JSON a decimal string.
    #[serde(with = "amount")]
    pub era_reward: Balance,
    /// Seats that elections fill, at most.
    pub seats: u32,
    /// Whether nodes talk to members' nodes only.
    pub members_only_peers: bool,
    /// The founding hospitals, by account.
    pub founders: Vec<Founder>,
    /// The council.
    pub council: Vec<AccountId>,
    /// The validators of the first session.
    pub validators: Vec<AccountId>,
    /// Who has bonded a stake.
    pub stakers: Vec<AccountId>,
    /// The treasury, an account without a key.
    #[serde(with = "amount")]
    pub treasury: Balance,
    /// Other accounts that have something.
    pub others: Vec<Holder>,
    /// Models that are registered from the start.
    pub models: Vec<H256>,
    /// What no founding writes: entries in the storage of pallets that begin empty, named as far as they can be.
    pub unexpected: Vec<String>,
}

/// Pallets that genesis writes to. All others begin with the version of their storage and nothing more.
const WRITTEN: [&str; 16] = [
    "System",
    "Network",
    "Timestamp",
    "Balances",
    "TransactionPayment",
    "Consortium",
    "Conduct",
    "Authorship",
    "Babe",
    "Staking",
    "Historical",
    "Session",
    "Grandpa",
    "ImOnline",
    "AuthorityDiscovery",
    "Federated",
];
/// The others, so that what stands in them can be named.
const EMPTY: [&str; 13] = [
    "Migrations",
    "Audit",
    "Offences",
    "Council",
    "Utility",
    "Proxy",
    "Multisig",
    "Preimage",
    "Scheduler",
    "Consent",
    "Records",
    "Summaries",
    "Custody",
];
/// What genesis writes in pallets where more could hide.
const ALLOWED: [(&str, &[&str]); 2] = [
    (
        "Consortium",
        &["Members", "CounterForMembers", "WorkerKeys", "WorkerKeyPeriods", "NodesOf", "NodeOwner"],
    ),
    ("Council", &["Members"]),
];
/// What genesis never writes, in pallets where all else is fine.
const FORBIDDEN: [(&str, &str); 1] = [("System", "AuthorizedUpgrade")];
/// Where each pallet keeps the version of its storage (frame-support's `StorageVersion`).
const VERSION: &str = ":__STORAGE_VERSION__:";

impl Spec {
    /// Decodes the genesis.
    pub fn genesis(&self) -> Result<Genesis, Error> {
        let storage = &self.storage;
        let council: Vec<AccountId> = value(storage, "Council", "Members")?.unwrap_or_default();
        let validators: Vec<AccountId> = value(storage, "Session", "Validators")?.unwrap_or_default();
        let mut founders = Vec::new();
        for (account, member) in accounts::<Member>(storage, "Consortium", "Members")? {
            let ledger: Option<(AccountId, Compact<Balance>)> =
                read(storage, key::blake2("Staking", "Ledger", account.as_ref()), "Staking.Ledger")?;
            let nodes: Option<Vec<PeerId>> =
                read(storage, key::blake2("Consortium", "NodesOf", account.as_ref()), "Consortium.NodesOf")?;
            founders.push(Founder {
                name: String::from_utf8_lossy(&member.name).into_owned(),
                worker_key: member.worker_key,
                session_keys: read(
                    storage,
                    key::twox("Session", "NextKeys", account.as_ref()),
                    "Session.NextKeys",
                )?,
                stake: ledger.map_or(0, |(_, Compact(total))| total),
                free: balance(storage, &account)?.0,
                council: council.contains(&account),
                validator: validators.contains(&account),
                nodes: nodes
                    .unwrap_or_default()
                    .iter()
                    .map(|id| String::from_utf8_lossy(id).into_owned())
                    .collect(),
                limited: member.expires_at.is_some() || member.suspended_until.is_some(),
                account,
            });
        }
        let treasury = treasury();
        let mut others = Vec::new();
        for (account, found) in accounts::<Account>(storage, "System", "Account")? {
            let known = account == treasury || founders.iter().any(|founder| founder.account == account);
            let balance = found.free.saturating_add(found.reserved);
            if !known && balance > 0 {
                others.push(Holder { account, balance });
            }
        }
        let number = |pallet, item| Ok::<u32, Error>(value(storage, pallet, item)?.unwrap_or_default());
        Ok(Genesis {
            epoch_blocks: number("Network", "EpochBlocks")?,
            sessions_per_era: number("Network", "SessionsPerEra")?,
            job_blocks: number("Network", "JobBlocks")?,
            slash_defer_eras: number("Network", "SlashDeferEras")?,
            absence_sessions: number("Conduct", "AbsenceThreshold")?,
            era_reward: value(storage, "Conduct", "EraReward")?.unwrap_or_default(),
            seats: number("Staking", "ValidatorCount")?,
            members_only_peers: value(storage, "Network", "MembersOnlyPeers")?.unwrap_or_default(),
            stakers: accounts::<AccountId>(storage, "Staking", "Bonded")?
                .into_iter()
                .map(|(stash, _)| stash)
                .collect(),
            treasury: balance(storage, &treasury)?.0,
            models: tails(storage, "Federated", "Models")?.into_iter().map(H256).collect(),
            unexpected: unexpected(storage),
            founders,
            council,
            validators,
            others,
        })
    }
}

// As frame-system and pallet-balances store it.
#[derive(Decode)]
struct Account {
    _nonce: u32,
    _references: [u32; 3],
    free: Balance,
    reserved: Balance,
}

/// The account of pallet id `gln/trea` (sp-runtime's `AccountIdConversion`).
fn treasury() -> AccountId {
    let mut raw = [0u8; 32];
    raw[..12].copy_from_slice(b"modlgln/trea");
    AccountId::new(raw)
}

/// What an account may spend, and what is held.
fn balance(storage: &Storage, account: &AccountId) -> Result<(Balance, Balance), Error> {
    let found: Option<Account> =
        read(storage, key::blake2("System", "Account", account.as_ref()), "System.Account")?;
    Ok(found.map_or((0, 0), |account| (account.free, account.reserved)))
}

fn read<T: Decode>(storage: &Storage, key: Vec<u8>, what: &str) -> Result<Option<T>, Error> {
    let decode = |bytes: &Vec<u8>| {
        T::decode(&mut bytes.as_slice()).map_err(|_| {
            Error::Input(format!("{what} in its genesis cannot be read: is it of another version of Galen?"))
        })
    };
    storage.get(&key).map(decode).transpose()
}

fn value<T: Decode>(storage: &Storage, pallet: &str, item: &str) -> Result<Option<T>, Error> {
    read(storage, key::item(pallet, item), &format!("{pallet}.{item}"))
}

/// The last 32 bytes of each key of a map, which are its plain key where that is an account or a hash.
fn tails(storage: &Storage, pallet: &str, item: &str) -> Result<Vec<[u8; 32]>, Error> {
    let prefix = key::item(pallet, item);
    let of_map = storage.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix));
    of_map
        .map(|(key, _)| {
            let tail = key.get(key::PREFIX..).and_then(|rest| rest.last_chunk::<32>());
            tail.copied().ok_or_else(|| Error::Input(format!("{pallet}.{item} in its genesis has a bad key")))
        })
        .collect()
}

/// A map by account.
fn accounts<T: Decode>(storage: &Storage, pallet: &str, item: &str) -> Result<Vec<(AccountId, T)>, Error> {
    let prefix = key::item(pallet, item);
    let what = format!("{pallet}.{item}");
    let mut found = Vec::new();
    for (key, _) in storage.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix)) {
        let tail = key.get(key::PREFIX..).and_then(|rest| rest.last_chunk::<32>()).copied();
        let account = tail.map(AccountId::new);
        let account = account.ok_or_else(|| Error::Input(format!("{what} in its genesis has a bad key")))?;
        found.extend(read(storage, key.clone(), &what)?.map(|value| (account, value)));
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(found)
}

fn unexpected(storage: &Storage) -> Vec<String> {
    let hash = |text: &str| sp_crypto_hashing::twox_128(text.as_bytes());
    let mut found = Vec::new();
    for key in storage.keys() {
        // What the executor needs: the code, and a mark that genesis leaves behind.
        if key == b":code" || key == b":extrinsic_index" {
            continue;
        }
        let (Some(pallet), Some(item)) = (key.get(..16), key.get(16..32)) else {
            found.push(format!("0x{}", hex::encode(key)));
            continue;
        };
        if item == hash(VERSION) {
            continue;
        }
        let name = WRITTEN.iter().chain(&EMPTY).find(|name| hash(name) == pallet);
        let fine = name.is_some_and(|name| match ALLOWED.iter().find(|(pallet, _)| pallet == name) {
            Some((_, items)) => items.iter().any(|allowed| hash(allowed) == item),
            None => {
                let forbidden = FORBIDDEN.iter().any(|(pallet, bad)| pallet == name && hash(bad) == item);
                WRITTEN.contains(name) && !forbidden
            }
        });
        if !fine {
            let item = hex::encode(item);
            found.push(name.map_or(format!("0x{}", hex::encode(key)), |name| format!("{name}.0x{item}")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_where_nothing_belongs_are_named() {
        let put = |key: Vec<u8>| (key, vec![0]);
        let mut storage: Storage = [
            put(b":code".to_vec()),
            put(b":extrinsic_index".to_vec()),
            put(key::item("Proxy", VERSION)),
            put(key::item("Council", "Members")),
            put(key::item("Consortium", "CounterForMembers")),
            put(key::item("Staking", "ValidatorCount")),
        ]
        .into();
        assert_eq!(unexpected(&storage), Vec::<String>::new());
        for (entry, name) in [
            (key::twox("Proxy", "Proxies", &[1; 32]), "Proxy."),
            (key::item("Council", "Prime"), "Council."),
            (key::twox("Consortium", "HospitalOf", &[1; 32]), "Consortium."),
            (key::item("System", "AuthorizedUpgrade"), "System."),
            (key::item("Sudo", "Key"), "0x"),
            (b":heappages".to_vec(), "0x"),
        ] {
            storage.insert(entry.clone(), vec![0]);
            let found = unexpected(&storage);
            assert!(found.len() == 1 && found[0].starts_with(name), "{found:?}");
            storage.remove(&entry);
        }
    }

    #[test]
    fn the_treasury_is_the_account_of_its_pallet_id() {
        // As the presets of the runtime endow it (chain-specs/consortium.json).
        let known = crate::keys::account("5EYCAe5gvYUAEDYpHiJPyAA9hijVPdE2rPruLfe3USHzagg7").unwrap();
        assert_eq!(treasury(), known);
    }
}
