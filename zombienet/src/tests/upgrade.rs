//! A runtime upgrade, authorised by the council and applied while transactions flow.

use super::{
    Held, Lab,
    setup::{FOUR, desk, hospitals},
};
use crate::{
    council, ensure,
    error::{Context, Result},
    fail,
    hospital::Hospital,
    network::Network,
    node::Peering,
    rpc::{Rpc, params},
    spec::Genesis,
    submit::{Call, Desk, transactions},
    wait::{eventually, seconds},
};
use codec::{Compact, Encode};
use futures::future::{try_join, try_join_all};
use galen_primitives::{AccountId, H256, member::Member};
use galen_proofs::storage_key::item;
use serde::Deserialize;
use sp_crypto_hashing::blake2_256;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    time::Duration,
};
use subxt::tx::Payload;
use tokio::time::sleep;

/// Where the next runtime's wasm is: `scripts/next-runtime` makes it.
const NEXT: &str = "GALEN_NEXT_RUNTIME";
/// Accounts that send all the while, and nothing else: what they send is told apart by its nonce.
const SENDERS: [&str; 6] = ["eve", "ferdie", "ida", "olga", "one", "two"];
/// How many transactions each account wants to have had included when the upgrade begins.
const BEFORE: u32 = 5;
/// And how many more when it is over.
const AFTER: u32 = 5;

pub async fn upgrade(lab: &mut Lab) -> Result<Held> {
    let next = std::env::var_os(NEXT)
        .context(|| format!("name the next runtime's wasm in {NEXT} (scripts/next-runtime makes it)"))?;
    let next = std::fs::read(&next).context(|| next.display().to_string())?;
    let mut genesis = Genesis::of(&FOUR);
    genesis.outsiders = hospitals(&SENDERS);
    let network = lab.start(genesis, Peering::Open).await?;
    let rpc = network.node("alice").rpc();
    let (start, head) = rpc.finalized().await?;
    let old: String =
        rpc.ask("state_getStorage", params(["0x3a636f6465".into(), serde_json::to_value(head)?])).await?;
    let old = hex::decode(old.trim_start_matches("0x")).context(|| "the code")?;
    let (version, members) = (spec_version(rpc, head).await?, members(rpc, head).await?);
    let at_alice = desk(network, "alice").await?;
    let alice = Hospital::of("alice").key();

    // What the council has not authorised, and what it has but is no newer, changes nothing.
    let why = at_alice.refused(&apply(&next), &alice).await?;
    ensure!(why == "System.NothingAuthorized", "code that nobody authorised: {why}");
    let why = rejected(&at_alice, &old).await?;
    ensure!(why == "System.SpecVersionNeedsToIncrease", "code of the same version: {why}");

    let flow = Flow::default();
    let upgrading = async {
        flow.reaches(BEFORE).await?;
        authorise(&at_alice, &next).await?;
        at_alice.finalize(&apply(&next), &alice).await?;
        for node in network.nodes() {
            migrated(node.rpc(), node.name(), version, &members).await?;
        }
        let now = flow.least();
        flow.reaches(now + AFTER).await?;
        flow.over.set(true);
        Ok(())
    };
    let senders =
        SENDERS.iter().zip(FOUR.iter().cycle()).map(|(name, place)| flow.send(network, name, place));
    let senders = try_join_all(senders);
    try_join(upgrading, senders).await?;

    let end = rpc.finalized().await?.0;
    let sent = flow.check(rpc, start, end).await?;
    let why = rejected(&at_alice, &old).await?;
    ensure!(why == "System.SpecVersionNeedsToIncrease", "code of a lower version: {why}");
    network.agrees().await?;
    Ok(Held::seen(format!(
        "{version} to {}, migrated on all four; {sent} transactions, each in exactly one block, {} of them signed again",
        version + 1,
        flow.again.get()
    )))
}

fn apply(code: &[u8]) -> Call {
    Call::new("System", "apply_authorized_upgrade", (code,))
}

async fn authorise(desk: &Desk, code: &[u8]) -> Result<()> {
    let authorise = Call::new("System", "authorize_upgrade", (H256(blake2_256(code)),));
    council::govern(desk, &authorise, &hospitals(&["alice", "bob", "charlie"])).await.map(|_| ())
}

// Has the council authorise code that the runtime then does not take; why not.
async fn rejected(desk: &Desk, code: &[u8]) -> Result<String> {
    authorise(desk, code).await?;
    let applied = desk.submit(&apply(code), &Hospital::of("bob").key()).await?;
    let (_, fields) = applied
        .events
        .iter()
        .find(|(name, _)| name == "System.RejectedInvalidAuthorizedUpgrade")
        .context(|| "code of an old version was taken")?;
    // A hash, then the error.
    desk.dispatch_error(applied.block, fields.get(32..).unwrap_or_default()).await
}

async fn spec_version(rpc: &Rpc, at: H256) -> Result<u32> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Version {
        spec_version: u32,
    }
    let version: Version = rpc.ask("state_getRuntimeVersion", params([serde_json::to_value(at)?])).await?;
    Ok(version.spec_version)
}

async fn members(rpc: &Rpc, at: H256) -> Result<BTreeMap<AccountId, Member>> {
    let members: Vec<(AccountId, Member)> = rpc.call("ConsortiumApi_members", &[], at).await?;
    Ok(members.into_iter().collect())
}

// Waits until the new version runs in this node's finalized state and its migrations are over, and checks what they did.
async fn migrated(rpc: &Rpc, name: &str, version: u32, before: &BTreeMap<AccountId, Member>) -> Result<()> {
    let head = eventually(&format!("the migrations to be over at {name}"), seconds(180), || async {
        let (_, head) = rpc.finalized().await?;
        // New code stands in the state from the block that sets it on, and first runs in the one after.
        let ran: Option<Compact<u32>> = rpc.storage(&item("System", "LastRuntimeUpgrade"), head).await?;
        let migrating = rpc.storage::<Anything>(&item("Migrations", "Cursor"), head).await?.is_some();
        Ok((ran.is_some_and(|ran| ran.0 > version) && !migrating).then_some(head))
    })
    .await?;
    let mut expected = before.clone();
    for member in expected.values_mut() {
        // What the rehearsed migrations do: one in the first block, one in steps.
        member.quotas.grants_per_day += 1;
        member.quotas.open_jobs += 1;
    }
    ensure!(members(rpc, head).await? == expected, "at {name}, members are not as the migrations leave them");
    Ok(())
}

// Whatever is stored.
struct Anything;

impl codec::Decode for Anything {
    fn decode<I: codec::Input>(_: &mut I) -> std::result::Result<Self, codec::Error> {
        Ok(Anything)
    }
}

/// Transactions of several accounts, one after the other each: the remark with number n of an account has its nonce n, so that
/// signing it again cannot have it included twice.
#[derive(Default)]
struct Flow {
    // For each account, how many are final.
    done: RefCell<BTreeMap<String, u32>>,
    // For each account, its first nonce and how many it has wanted to send.
    wanted: RefCell<BTreeMap<String, (u32, u32)>>,
    again: Cell<u32>,
    over: Cell<bool>,
}

impl Flow {
    fn least(&self) -> u32 {
        self.done.borrow().values().copied().min().unwrap_or(0)
    }

    // Waits until every account has had so many included.
    async fn reaches(&self, count: u32) -> Result<()> {
        eventually(&format!("{count} transactions of every account"), seconds(180), || async {
            Ok((self.done.borrow().len() == SENDERS.len() && self.least() >= count).then_some(()))
        })
        .await
    }

    // Sends until it is over and all is final: always two more than are final, signed for the runtime of the moment.
    async fn send(&self, network: &Network, name: &str, place: &str) -> Result<()> {
        let key = Hospital::of(name).key();
        let (desk, rpc) = (desk(network, place).await?, network.node(place).rpc());
        let account = key.account().to_string();
        let first: u32 = rpc.ask("system_accountNextIndex", params([account.clone().into()])).await?;
        let mut sent = 0;
        loop {
            let (_, head) = rpc.finalized().await?;
            let done = nonce(rpc, &key.account(), head).await?.saturating_sub(first);
            self.done.borrow_mut().insert(name.to_owned(), done);
            if self.over.get() && done >= sent {
                self.wanted.borrow_mut().insert(name.to_owned(), (first, sent));
                return Ok(());
            }
            // What the pool no longer has, because the upgrade made it invalid, is the next to be signed.
            let next: u32 = rpc.ask("system_accountNextIndex", params([account.clone().into()])).await?;
            let next = next.saturating_sub(first);
            let more = if self.over.get() { next < sent } else { next < done + 2 };
            if more {
                let call = remark(name, next);
                let signed = desk.sign(&call, &key, Some(u64::from(first + next))).await?;
                let submitted: Result<H256> = rpc
                    .ask(
                        "author_submitExtrinsic",
                        params([format!("0x{}", hex::encode(&signed.bytes)).into()]),
                    )
                    .await;
                if submitted.is_ok() {
                    if next < sent {
                        self.again.set(self.again.get() + 1);
                    }
                    sent = sent.max(next + 1);
                }
            }
            sleep(Duration::from_millis(300)).await;
        }
    }

    // Checks that each remark is in exactly one finalized block; returns how many there were.
    async fn check(&self, rpc: &Rpc, from: u32, to: u32) -> Result<usize> {
        let mut found: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
        for (name, (_, sent)) in self.wanted.borrow().iter() {
            found.extend((0..*sent).map(|number| (text(name, number), 0)));
        }
        for number in from..=to {
            let hash = rpc.hash(number).await?.context(|| format!("no block {number}"))?;
            for transaction in transactions(rpc, hash).await? {
                // A remark is the end of its transaction.
                if let Some((_, count)) = found.iter_mut().find(|(text, _)| transaction.ends_with(text)) {
                    *count += 1;
                }
            }
        }
        ensure!(!found.is_empty(), "nothing was sent");
        if let Some((text, count)) = found.iter().find(|(_, count)| **count != 1) {
            fail!("`{}` is in {count} blocks", String::from_utf8_lossy(text));
        }
        Ok(found.len())
    }
}

fn text(name: &str, number: u32) -> Vec<u8> {
    format!("remark {number} of {name}.").into_bytes()
}

fn remark(name: &str, number: u32) -> impl Payload {
    Call::new("System", "remark_with_event", (text(name, number),))
}

async fn nonce(rpc: &Rpc, account: &AccountId, at: H256) -> Result<u32> {
    rpc.call("AccountNonceApi_account_nonce", &account.encode(), at).await
}
