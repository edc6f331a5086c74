//! The hospital on chain, and whether this node holds its keys.

use super::Finding;
use crate::{Error, chain::Chain, session_keys::SessionKeys};
use galen_primitives::{
    AccountId, BlockNumber, H256, UnixSeconds,
    member::{Member, PeerId, ValidatorStatus},
};
use std::time::{SystemTime, UNIX_EPOCH};

/// Warn so long before a membership ends: time for a motion of the council.
const EXPIRES_SOON: UnixSeconds = 30 * 24 * 60 * 60;

pub async fn examine(chain: &Chain, hospital: Option<&AccountId>) -> Vec<Finding> {
    let Some(hospital) = hospital else {
        return vec![Finding::warn(
            "hospital",
            "membership, keys and seat were not looked at",
            "give --hospital, its account",
        )];
    };
    let (head, number) = match chain.finalized().await {
        Ok(found) => found,
        Err(why) => return vec![Finding::of("membership", Err(why))],
    };
    let member = match chain.member(hospital, Some(head)).await {
        Ok(Some(member)) => member,
        Ok(None) => {
            return vec![Finding::fail(
                "membership",
                format!("{hospital} is no member"),
                "the council admits hospitals (`galen member admit`); was it evicted? `galen audit list --kind memberEvicted`",
            )];
        }
        Err(why) => return vec![Finding::of("membership", Err(why))],
    };
    let mut findings = vec![standing(&member, number, now())];
    findings.push(Finding::of("session keys", keys(chain, hospital, head).await));
    findings.push(Finding::of("seat", seat_of(chain, hospital, head).await));
    findings.push(Finding::of("worker key", worker_key(chain, &member).await));
    findings.push(Finding::of("admitted node", node(chain, hospital, head).await));
    findings
}

fn now() -> UnixSeconds {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs())
}

fn standing(member: &Member, block: BlockNumber, now: UnixSeconds) -> Finding {
    let name = String::from_utf8_lossy(&member.name);
    if let Some(until) = member.suspended_until.filter(|_| member.is_suspended(block)) {
        return Finding::fail(
            "membership",
            format!("{name} is suspended until block {until}"),
            "the council suspends in an emergency and lifts it (`galen member lift`): speak to it",
        );
    }
    match member.expires_at {
        Some(end) if end <= now => Finding::fail(
            "membership",
            format!("the membership of {name} ended {} days ago", (now - end) / 86_400),
            "ask the council to extend it (`galen member set-expiry`)",
        ),
        Some(end) if end - now < EXPIRES_SOON => Finding::warn(
            "membership",
            format!("the membership of {name} ends in {} days", (end - now) / 86_400),
            "ask the council to extend it (`galen member set-expiry`)",
        ),
        _ => Finding::ok("membership", format!("{name}, in good standing")),
    }
}

/// One of the hospital's validators and its keys.
struct Keyed {
    account: AccountId,
    set: SessionKeys,
    queued: Option<SessionKeys>,
    set_here: bool,
    queued_here: bool,
}

async fn keys(chain: &Chain, hospital: &AccountId, head: H256) -> Result<Finding, Error> {
    let queued = chain.queued_keys(head).await?;
    let mut found = Vec::new();
    for validator in chain.validators(Some(head)).await?.into_iter().filter(|v| v.hospital == *hospital) {
        let Some(set) = chain.next_keys(&validator.account, head).await? else { continue };
        let queued =
            queued.iter().find(|(account, _)| *account == validator.account).map(|(_, keys)| keys.clone());
        found.push(Keyed {
            set_here: chain.has_session_keys(&set).await?,
            queued_here: match &queued {
                Some(keys) => chain.has_session_keys(keys).await?,
                None => true,
            },
            account: validator.account,
            set,
            queued,
        });
    }
    Ok(judge_keys(&found))
}

fn judge_keys(validators: &[Keyed]) -> Finding {
    const ADVICE: &str = "set fresh ones with `galen validator set-keys`, asked of this node; or restore the keystore from its backup, \
                          never into two nodes at once: one that signs twice is slashed";
    if validators.is_empty() {
        return Finding::fail("session keys", "the hospital has set none", ADVICE);
    }
    let Some(here) = validators.iter().find(|validator| validator.set_here) else {
        return match validators.iter().find(|validator| validator.queued.is_some() && validator.queued_here) {
            Some(old) => Finding::fail(
                "session keys",
                format!(
                    "this node has the keys of {} in use now, not those that were set to follow them",
                    old.account
                ),
                ADVICE,
            ),
            None => {
                Finding::fail("session keys", "those set on chain are not in this node's keystore", ADVICE)
            }
        };
    };
    if !here.queued_here {
        return Finding::warn(
            "session keys",
            format!("{}: the keys set are here, those of the next session are not", here.account),
            "fresh keys take effect in the session after the next: keep the node with the old ones running until then",
        );
    }
    let turning = here.queued.as_ref().is_some_and(|queued| *queued != here.set);
    let note = if turning { "; fresh ones take over in the session after the next" } else { "" };
    Finding::ok("session keys", format!("those of {} are in this node's keystore{note}", here.account))
}

async fn seat_of(chain: &Chain, hospital: &AccountId, head: H256) -> Result<Finding, Error> {
    let validators = chain.validators(Some(head)).await?;
    let own: Vec<_> = validators.into_iter().filter(|validator| validator.hospital == *hospital).collect();
    Ok(seat(&own))
}

fn seat(validators: &[ValidatorStatus]) -> Finding {
    let of = |what: fn(&ValidatorStatus) -> bool| validators.iter().filter(|v| what(v)).count();
    let (active, disabled, candidates) =
        (of(|v| v.active), of(|v| v.active && v.disabled), of(|v| v.candidate));
    let absent = validators.iter().map(|v| v.absent_sessions).max().unwrap_or(0);
    if disabled > 0 {
        return Finding::fail(
            "seat",
            format!("{disabled} of {active} validators disabled for an offence"),
            "stop the node and find out whether its keys ran elsewhere too: see `galen network status` for the slash and `galen audit list \
             --kind offenceReported`",
        );
    }
    if absent > 0 {
        return Finding::warn(
            "seat",
            format!("absent for {absent} sessions in a row"),
            "a validator that stays away loses its seat: is the node started with --validator, and are its session keys here?",
        );
    }
    match (active, candidates) {
        (0, 0) => Finding::warn(
            "seat",
            "none, and not a candidate",
            "bond a stake (`galen validator bond`), set session keys and stand (`galen validator stand`)",
        ),
        (0, _) => Finding::warn(
            "seat",
            "a candidate, not elected",
            "wait for the next era, or ask others to nominate",
        ),
        (_, 0) => Finding::warn(
            "seat",
            format!("{active} in this session, but no longer a candidate: lost with the next era"),
            "stand again with `galen validator stand` if that is not meant",
        ),
        _ => Finding::ok("seat", format!("{active} in this session")),
    }
}

async fn worker_key(chain: &Chain, member: &Member) -> Result<Finding, Error> {
    let here = match member.worker_key {
        None => false,
        Some(key) => chain.has_key(key, "galn").await?,
    };
    Ok(judge_worker_key(member.worker_key, here))
}

fn judge_worker_key(key: Option<H256>, here: bool) -> Finding {
    match key {
        None => Finding::fail(
            "worker key",
            "the hospital has none: it cannot request summaries",
            "insert one into the node's keystore (`galen-node key insert --key-type galn`) and set it with `galen member set-worker-key`",
        ),
        Some(key) if !here => Finding::fail(
            "worker key",
            format!("{key:?} is not in this node's keystore: no receipt can be signed"),
            "insert it (`galen-node key insert --key-type galn --scheme sr25519`), or set another with `galen member set-worker-key`",
        ),
        Some(key) => Finding::ok("worker key", format!("{key:?} is in this node's keystore")),
    }
}

async fn node(chain: &Chain, hospital: &AccountId, head: H256) -> Result<Finding, Error> {
    let id: String = chain.request("system_localPeerId").await?;
    Ok(judge_node(&id, hospital, chain.admitted_nodes(Some(head)).await?.as_deref()))
}

fn judge_node(id: &str, hospital: &AccountId, admitted: Option<&[(AccountId, PeerId)]>) -> Finding {
    let Some(admitted) = admitted else {
        return Finding::ok("admitted node", format!("{id}; the network is open to any node"));
    };
    match admitted.iter().find(|(_, node)| node.as_slice() == id.as_bytes()) {
        Some((owner, _)) if owner == hospital => Finding::ok("admitted node", id),
        Some((owner, _)) => Finding::fail(
            "admitted node",
            format!("{id} is listed as a node of {owner}"),
            "is --hospital right? Two nodes must not share a node key",
        ),
        None => Finding::fail(
            "admitted node",
            format!("{id} is not listed: other members' nodes refuse it"),
            "list all nodes of the hospital with `galen member nodes`; was the node key (--node-key-file) kept?",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;
    use galen_primitives::member::Quotas;

    fn member(expires_at: Option<u64>, suspended_until: Option<u32>) -> Member {
        Member {
            name: b"Mercy".to_vec().try_into().unwrap(),
            admitted_at: 0,
            worker_key: None,
            quotas: Quotas::default(),
            expires_at,
            suspended_until,
        }
    }

    #[test]
    fn standing_is_compared_when_read() {
        let day = 86_400;
        assert_eq!(standing(&member(None, None), 10, 100 * day).level, Level::Ok);
        assert_eq!(standing(&member(Some(200 * day), None), 10, 100 * day).level, Level::Ok);
        assert_eq!(standing(&member(Some(110 * day), None), 10, 100 * day).level, Level::Warn);
        assert_eq!(standing(&member(Some(100 * day), None), 10, 100 * day).level, Level::Fail);
        assert_eq!(standing(&member(None, Some(11)), 10, 0).level, Level::Fail);
        assert_eq!(standing(&member(None, Some(10)), 10, 0).level, Level::Ok);
    }

    fn keyed(set: u8, set_here: bool, queued: Option<u8>, queued_here: bool) -> Keyed {
        let keys = |number: u8| SessionKeys::from_bytes(&[number; 128]).unwrap();
        Keyed {
            account: AccountId::new([1; 32]),
            set: keys(set),
            queued: queued.map(keys),
            set_here,
            queued_here,
        }
    }

    #[test]
    fn the_keys_in_use_and_those_to_come_must_be_here() {
        assert_eq!(judge_keys(&[]).level, Level::Fail);
        assert_eq!(judge_keys(&[keyed(1, true, Some(1), true)]).level, Level::Ok);
        assert_eq!(judge_keys(&[keyed(1, true, None, true)]).level, Level::Ok);
        assert_eq!(
            judge_keys(&[keyed(1, false, Some(1), false), keyed(2, true, Some(2), true)]).level,
            Level::Ok
        );
        assert_eq!(judge_keys(&[keyed(1, false, Some(1), false)]).level, Level::Fail);
        let turning = judge_keys(&[keyed(2, true, Some(1), true)]);
        assert!(turning.level == Level::Ok && turning.seen.contains("take over"));
        assert_eq!(judge_keys(&[keyed(2, true, Some(1), false)]).level, Level::Warn);
        assert!(judge_keys(&[keyed(2, false, Some(1), true)]).seen.contains("in use now"));
    }

    fn validator(candidate: bool, active: bool, disabled: bool, absent_sessions: u32) -> ValidatorStatus {
        let account = AccountId::new([1; 32]);
        ValidatorStatus {
            hospital: account.clone(),
            account,
            candidate,
            keyed: true,
            active,
            disabled,
            stake: 1,
            backing: 1,
            absent_sessions,
        }
    }

    #[test]
    fn what_a_seat_needs() {
        for (validator, level, word) in [
            (validator(true, true, false, 0), Level::Ok, "1 in this session"),
            (validator(true, true, true, 0), Level::Fail, "disabled"),
            (validator(true, true, false, 2), Level::Warn, "absent for 2"),
            (validator(true, false, false, 0), Level::Warn, "not elected"),
            (validator(false, true, false, 0), Level::Warn, "no longer a candidate"),
            (validator(false, false, false, 0), Level::Warn, "not a candidate"),
        ] {
            let found = seat(&[validator]);
            assert_eq!(found.level, level, "{}", found.seen);
            assert!(found.seen.contains(word), "{}", found.seen);
        }
    }

    #[test]
    fn keys_and_nodes_are_the_hospitals_own() {
        assert_eq!(judge_worker_key(None, false).level, Level::Fail);
        assert_eq!(judge_worker_key(Some(H256::zero()), false).level, Level::Fail);
        assert_eq!(judge_worker_key(Some(H256::zero()), true).level, Level::Ok);
        let (mine, other) = (AccountId::new([1; 32]), AccountId::new([2; 32]));
        let listed = [(mine.clone(), PeerId::try_from(b"me".to_vec()).unwrap())];
        assert_eq!(judge_node("me", &mine, None).level, Level::Ok);
        assert_eq!(judge_node("me", &mine, Some(&listed)).level, Level::Ok);
        assert_eq!(judge_node("me", &other, Some(&listed)).level, Level::Fail);
        assert_eq!(judge_node("you", &mine, Some(&listed)).level, Level::Fail);
    }
}
