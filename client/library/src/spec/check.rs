//! What speaks against starting with a spec.

use super::{Genesis, Spec};
use crate::amount::{MAX_STAKE, show};
use galen_primitives::{AccountId, well_known};
use std::collections::BTreeSet;

/// Above this, zombienet turns a stake into 0: its specs hold 64 bits.
const ZOMBIENET_MAX: u128 = u64::MAX as u128;

/// Everything that is wrong with the spec, each with what to do; empty if nothing is.
///
/// The networks for development live with well-known keys: for these only a live spec is refused.
pub fn problems(spec: &Spec, genesis: &Genesis) -> Vec<String> {
    let mut found = Vec::new();
    for field in &spec.intrusions {
        found.push(format!(
            "`{field}` is not empty: a published spec must not change what nodes run or trust"
        ));
    }
    if spec.is_live()
        && let Some(seed) = well_known::find(&spec.storage)
    {
        found.push(format!(
            "it is live, but holds the key of the well-known seed `{seed}`: anyone could act with it. Found it anew \
             with keys from scripts/hospital-keys"
        ));
    }
    if genesis.founders.is_empty() {
        found.push("it has no members: it is the template. Fill it in with scripts/found-consortium".into());
    }
    for (what, number) in [
        ("the length of epochs", genesis.epoch_blocks),
        ("the length of eras", genesis.sessions_per_era),
        ("the time for summaries", genesis.job_blocks),
        ("the number of absences that cost a seat", genesis.absence_sessions),
        ("the number of seats", genesis.seats),
    ] {
        if number == 0 {
            found.push(format!("{what} is 0"));
        }
    }
    for entry in &genesis.unexpected {
        found.push(format!("it holds an entry that no founding writes: {entry}"));
    }
    founders(genesis, &mut found);
    found
}

fn founders(genesis: &Genesis, found: &mut Vec<String>) {
    let mut names = BTreeSet::new();
    let mut keys = BTreeSet::new();
    for founder in &genesis.founders {
        let who = format!("{} ({})", founder.name, founder.account);
        if !names.insert(founder.name.to_ascii_lowercase()) {
            found.push(format!("{who}: another member has that name"));
        }
        match &founder.session_keys {
            None => found.push(format!("{who} has no session keys: it could not validate")),
            Some(set) => {
                for (kind, _, key) in set.named() {
                    if !keys.insert((kind, key)) {
                        found.push(format!("{who}: its {kind} key is another member's too"));
                    }
                }
            }
        }
        match founder.worker_key {
            None => found.push(format!("{who} has no worker key: it could not sign receipts")),
            Some(key) => {
                if !keys.insert(("worker", key)) {
                    found.push(format!("{who}: its worker key is another member's too"));
                }
            }
        }
        let stake = founder.stake;
        if stake == 0 {
            found.push(format!("{who} has no stake"));
        } else if stake > ZOMBIENET_MAX {
            found.push(format!(
                "{who} has a stake of {}: above 2^64 units, which tools that hold 64 bits read as another amount; the cap is {}",
                show(stake),
                show(MAX_STAKE)
            ));
        } else if stake > MAX_STAKE {
            found.push(format!("{who} has a stake of {}: the cap is {}", show(stake), show(MAX_STAKE)));
        }
        if !founder.validator {
            found.push(format!("{who} does not validate in the first session"));
        }
        if founder.limited {
            found.push(format!("{who} is suspended or expires from the start"));
        }
        if genesis.members_only_peers && founder.nodes.is_empty() {
            found.push(format!("{who} has no node, but nodes talk to members' nodes only"));
        }
    }
    let is_founder = |account: &AccountId| genesis.founders.iter().any(|founder| founder.account == *account);
    for (what, accounts) in [
        ("a council seat", &genesis.council),
        ("a validator's seat", &genesis.validators),
        ("a stake", &genesis.stakers),
    ] {
        for account in accounts.iter().filter(|account| !is_founder(account)) {
            found.push(format!("{account} has {what} and is no member"));
        }
    }
    if genesis.council.is_empty() && !genesis.founders.is_empty() {
        found.push("the council is empty: nobody could ever change anything".into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{amount::GLN, session_keys::SessionKeys, spec::Founder};
    use galen_primitives::H256;

    fn founder(number: u8) -> Founder {
        let key = |kind: u8| H256([[number; 16], [kind; 16]].concat().try_into().unwrap());
        Founder {
            account: AccountId::new([number; 32]),
            name: format!("Hospital {number}"),
            worker_key: Some(key(0)),
            session_keys: Some(SessionKeys {
                grandpa: key(1),
                babe: key(2),
                im_online: key(3),
                authority_discovery: key(4),
            }),
            stake: 100_000 * GLN,
            free: GLN,
            council: true,
            validator: true,
            nodes: vec![format!("node{number}")],
            limited: false,
        }
    }

    fn genesis() -> Genesis {
        let founders: Vec<_> = (1..=4).map(founder).collect();
        let accounts: Vec<_> = founders.iter().map(|founder| founder.account.clone()).collect();
        Genesis {
            epoch_blocks: 10,
            sessions_per_era: 3,
            job_blocks: 30,
            slash_defer_eras: 7,
            absence_sessions: 4,
            era_reward: 0,
            seats: 100,
            members_only_peers: true,
            council: accounts.clone(),
            validators: accounts.clone(),
            stakers: accounts,
            founders,
            treasury: GLN,
            others: Vec::new(),
            models: Vec::new(),
            unexpected: Vec::new(),
        }
    }

    fn spec(kind: &str, value: Vec<u8>) -> Spec {
        Spec {
            name: String::new(),
            id: String::new(),
            kind: kind.into(),
            boot_nodes: Vec::new(),
            file_hash: H256::zero(),
            storage: [(b"somewhere".to_vec(), value)].into(),
            intrusions: Vec::new(),
        }
    }

    #[test]
    fn four_hospitals_are_fine() {
        assert_eq!(problems(&spec("Live", vec![]), &genesis()), Vec::<String>::new());
    }

    #[test]
    fn a_live_spec_with_a_well_known_key_is_refused() {
        let alice = crate::keys::account("//Alice").unwrap();
        let bytes: &[u8] = alice.as_ref();
        let found = problems(&spec("Live", bytes.to_vec()), &genesis());
        assert!(found.len() == 1 && found[0].contains("`//Alice`"), "{found:?}");
        assert!(problems(&spec("Local", bytes.to_vec()), &genesis()).is_empty());
    }

    // One thing wrong each time, and the words in which it is said.
    #[test]
    fn each_fault_is_named() {
        type Fault = fn(&mut Genesis);
        let faults: [(Fault, &str); 16] = [
            (|g| g.founders[0].stake = MAX_STAKE + 1, "the cap is 1000000 GLN"),
            (|g| g.founders[0].stake = ZOMBIENET_MAX + 1, "2^64 units"),
            (|g| g.founders[0].stake = 0, "has no stake"),
            (|g| g.founders[0].session_keys = None, "no session keys"),
            (|g| g.founders[0].worker_key = None, "no worker key"),
            (|g| g.founders[0].worker_key = g.founders[1].worker_key, "another member's too"),
            (|g| g.founders[0].session_keys = g.founders[1].session_keys.clone(), "another member's too"),
            (|g| g.founders[0].name = "HOSPITAL 2".into(), "has that name"),
            (|g| g.founders[0].nodes.clear(), "has no node"),
            (|g| g.founders[0].validator = false, "does not validate"),
            (|g| g.founders[0].limited = true, "suspended or expires"),
            (|g| g.council.push(AccountId::new([9; 32])), "a council seat and is no member"),
            (|g| g.stakers.push(AccountId::new([9; 32])), "a stake and is no member"),
            (|g| g.council.clear(), "council is empty"),
            (|g| g.epoch_blocks = 0, "the length of epochs is 0"),
            (|g| g.unexpected.push("Proxy.0x00".into()), "no founding writes: Proxy"),
        ];
        for (fault, words) in faults {
            let mut genesis = genesis();
            fault(&mut genesis);
            let found = problems(&spec("Live", vec![]), &genesis);
            assert!(found.iter().any(|problem| problem.contains(words)), "{words}: {found:?}");
        }
        let mut genesis = genesis();
        genesis.founders[0].stake = MAX_STAKE;
        assert!(problems(&spec("Live", vec![]), &genesis).is_empty());
        let mut live = spec("Live", vec![]);
        live.intrusions.push("codeSubstitutes");
        assert!(problems(&live, &genesis)[0].contains("codeSubstitutes"));
    }
}
