//! Founding a consortium: the hospitals' public keys go into the template that the node exports.
//!
//! What comes out is a plain chain spec; the node makes it raw, and [`crate::spec`] checks that.

use crate::{
    Error,
    amount::{Balance, MAX_STAKE, show},
    session_keys::SessionKeys,
};
use galen_primitives::{AccountId, H256, member::is_valid_name, money};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path};

/// The least number of hospitals of which one may fail without halting finality (GRANDPA: n = 3f + 1).
pub const MIN_FOUNDERS: usize = 4;
/// The least stake with which one can validate.
pub const MIN_STAKE: Balance = money::MIN_VALIDATOR_BOND;
/// What a founder has for fees beside its stake, as an admitted hospital gets it from the treasury.
pub const FEES: Balance = money::FEE_ENDOWMENT;
/// At most so many characters of a name.
const MAX_NAME: usize = 64;

/// What a hospital publishes: `public.json` of `scripts/hospital-keys`. There is no secret in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Public {
    /// The hospital's name, as patients will read it in what they sign.
    pub name: String,
    /// Its account.
    pub account: AccountId,
    /// Its validator's session keys.
    pub session_keys: SessionKeys,
    /// The key that signs its worker's receipts.
    pub worker_key: H256,
    /// Its node's peer id.
    pub peer_id: String,
    /// Where other nodes reach its node, as a multiaddress without the peer id; `None` if others need not ask it first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// What the founders agree on beside their keys; what is `None` stays as the template has it.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// The chain's name.
    pub name: Option<String>,
    /// The chain's id: lower-case letters, digits and `_`.
    pub id: Option<String>,
    /// Slots of an epoch.
    pub epoch_blocks: Option<u32>,
    /// Epochs of an era.
    pub era_epochs: Option<u32>,
    /// Blocks in which a summary must be answered.
    pub job_blocks: Option<u32>,
    /// What each hospital stakes; 100,000 GLN if not given.
    pub stake: Option<Balance>,
    /// Whether fewer hospitals than [`MIN_FOUNDERS`] will do.
    pub allow_fewer: bool,
}

impl Public {
    /// Reads a hospital's file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path)
            .map_err(|why| Error::Input(format!("cannot read {}: {why}", path.display())))?;
        serde_json::from_str(&text)
            .map_err(|why| Error::Input(format!("{} is not a hospital's public.json: {why}", path.display())))
    }
}

/// Fills the template in; the error names everything that is wrong with what the hospitals sent.
pub fn fill(template: &Value, founders: &[Public], terms: &Terms) -> Result<Value, Error> {
    let stake = terms.stake.unwrap_or(money::STAKE_ENDOWMENT);
    let faults = faults(founders, terms, stake);
    if !faults.is_empty() {
        return Err(Error::Input(format!("this consortium cannot be founded:\n- {}", faults.join("\n- "))));
    }
    let mut spec = template.clone();
    set(&mut spec, "/name", terms.name.as_ref().map(|name| json!(name)))?;
    set(&mut spec, "/id", terms.id.as_ref().map(|id| json!(id)))?;
    // Nodes of chains with one protocol id would try to talk to each other.
    set(&mut spec, "/protocolId", terms.id.as_ref().map(|id| json!(id)))?;
    let boot_nodes: Vec<String> = founders
        .iter()
        .filter_map(|founder| Some(format!("{}/p2p/{}", founder.address.as_ref()?, founder.peer_id)))
        .collect();
    set(&mut spec, "/bootNodes", Some(json!(boot_nodes)))?;

    let patch = "/genesis/runtimeGenesis/patch";
    let mut genesis = |path: &str, value: Option<Value>| set(&mut spec, &format!("{patch}{path}"), value);
    genesis("/network/epochBlocks", terms.epoch_blocks.map(|n| json!(n)))?;
    genesis("/network/sessionsPerEra", terms.era_epochs.map(|n| json!(n)))?;
    genesis("/network/jobBlocks", terms.job_blocks.map(|n| json!(n)))?;
    let each = |row: &dyn Fn(&Public) -> Value| Some(founders.iter().map(row).collect::<Value>());
    genesis("/consortium/members", each(&|f| json!([f.account, f.name, f.worker_key])))?;
    genesis("/consortium/nodes", each(&|f| json!([f.account, [f.peer_id]])))?;
    genesis("/council/members", each(&|f| json!(f.account)))?;
    genesis("/session/keys", each(&|f| json!([f.account, f.account, session_keys(&f.session_keys)])))?;
    genesis("/staking/stakers", each(&|f| json!([f.account, f.account, amount(stake), "Validator"])))?;
    // The treasury stays as the template endows it.
    let balances = format!("{patch}/balances/balances");
    let rows = spec
        .pointer_mut(&balances)
        .and_then(Value::as_array_mut)
        .ok_or_else(|| unlike_a_template(&balances))?;
    rows.extend(founders.iter().map(|f| json!([f.account, amount(stake + FEES)])));
    Ok(spec)
}

fn set(spec: &mut Value, path: &str, value: Option<Value>) -> Result<(), Error> {
    let Some(value) = value else { return Ok(()) };
    // Some templates leave lists out that are empty.
    let (parent, field) = path.rsplit_once('/').ok_or_else(|| unlike_a_template(path))?;
    let parent = spec.pointer_mut(parent).and_then(Value::as_object_mut);
    parent.ok_or_else(|| unlike_a_template(path))?.insert(field.to_owned(), value);
    Ok(())
}

fn unlike_a_template(path: &str) -> Error {
    Error::Input(format!(
        "the template has no {path}: export it with `galen-node export-chain-spec --chain consortium` of this version"
    ))
}

/// Amounts in chain specs are JSON numbers; a stake below its cap and fees fit 64 bits.
fn amount(amount: Balance) -> Value {
    json!(u64::try_from(amount).unwrap_or(u64::MAX))
}

/// Keys in chain specs are SS58.
fn session_keys(keys: &SessionKeys) -> Value {
    let ss58 = |key: H256| json!(AccountId::new(key.0));
    json!({
        "grandpa": ss58(keys.grandpa),
        "babe": ss58(keys.babe),
        "im_online": ss58(keys.im_online),
        "authority_discovery": ss58(keys.authority_discovery),
    })
}

fn faults(founders: &[Public], terms: &Terms, stake: Balance) -> Vec<String> {
    let mut found = Vec::new();
    if founders.is_empty() || (founders.len() < MIN_FOUNDERS && !terms.allow_fewer) {
        found.push(format!(
            "{} hospitals: with fewer than {MIN_FOUNDERS}, finality halts as soon as one is away (--allow-fewer if you mean it)",
            founders.len()
        ));
    }
    if stake > MAX_STAKE {
        found.push(format!("a stake of {} is beyond the cap of {}", show(stake), show(MAX_STAKE)));
    }
    if stake < MIN_STAKE {
        found.push(format!(
            "a stake of {} is below {}, with which one can validate",
            show(stake),
            show(MIN_STAKE)
        ));
    }
    let lengths = [terms.epoch_blocks, terms.era_epochs, terms.job_blocks];
    if lengths.contains(&Some(0)) {
        found.push("epochs, eras and jobs have a length of at least 1".into());
    }
    // BABE's randomness comes from the epoch before the last; GRANDPA needs blocks to vote on.
    if terms.epoch_blocks.is_some_and(|blocks| blocks < 4) {
        found
            .push("an epoch of fewer than 4 slots may pass without a block, and the chain would stop".into());
    }
    if let Some(id) = &terms.id
        && (id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'))
    {
        found.push(format!("`{id}` is not a chain id: lower-case letters, digits and _"));
    }
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for founder in founders {
        let who = founder.name.as_str();
        if founder.name.len() > MAX_NAME || !is_valid_name(founder.name.as_bytes()) || who.trim() != who {
            found.push(format!(
                "`{who}` is not a name: 1 to 64 printable ASCII characters without \", none of them a space at either end"
            ));
        }
        if !is_peer_id(&founder.peer_id) {
            found.push(format!("{who}: `{}` is not a node's peer id (12D3KooW...)", founder.peer_id));
        }
        if let Some(address) = &founder.address
            && !is_address(address)
        {
            found.push(format!(
                "{who}: `{address}` is not where a node is reached: such as /dns4/node.hospital.example/tcp/30333"
            ));
        }
        let mut keys: Vec<(String, &str)> = vec![
            (format!("{}", founder.account), "account"),
            (founder.name.to_ascii_lowercase(), "name"),
            (founder.peer_id.clone(), "peer id"),
            (format!("{:?}", founder.worker_key), "worker key"),
        ];
        keys.extend(
            founder.session_keys.named().map(|(kind, _, key)| (format!("{kind} {key:?}"), "session key")),
        );
        keys.extend(founder.address.iter().map(|address| (address.clone(), "address")));
        for (key, what) in keys {
            if let Some(other) = seen.insert(format!("{what} {key}"), who) {
                found.push(format!("{who} and {other} have the same {what}"));
            }
        }
    }
    found
}

/// Whether a text is the peer id of an ed25519 key: base58 of the identity multihash of libp2p's public key message, as every node
/// of ours has it. Source: the libp2p specification, peer-ids.
fn is_peer_id(text: &str) -> bool {
    // Identity, 36 bytes; key type ed25519; 32 bytes of key.
    const HEAD: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];
    bs58::decode(text).into_vec().is_ok_and(|bytes| bytes.len() == 38 && bytes.starts_with(&HEAD))
}

/// Whether a text is a multiaddress over TCP without a peer id.
fn is_address(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    match parts.as_slice() {
        ["", kind, host, "tcp", port] => {
            let host_fits = match *kind {
                "ip4" => host.parse::<std::net::Ipv4Addr>().is_ok(),
                "ip6" => host.parse::<std::net::Ipv6Addr>().is_ok(),
                "dns" | "dns4" | "dns6" => {
                    !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
                }
                _ => false,
            };
            host_fits && port.parse::<u16>().is_ok_and(|port| port > 0)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::GLN;

    fn public(number: u8) -> Public {
        let key = |kind: u8| H256([[number; 16], [kind; 16]].concat().try_into().unwrap());
        let id = [vec![0x00, 0x24, 0x08, 0x01, 0x12, 0x20], vec![number; 32]].concat();
        Public {
            name: format!("Hospital {number}"),
            account: AccountId::new([number; 32]),
            session_keys: SessionKeys {
                grandpa: key(1),
                babe: key(2),
                im_online: key(3),
                authority_discovery: key(4),
            },
            worker_key: key(5),
            peer_id: bs58::encode(id).into_string(),
            address: (number == 1).then(|| "/dns4/node.one.example/tcp/30333".into()),
        }
    }

    fn template() -> Value {
        json!({
            "name": "Galen Consortium", "id": "galen_consortium", "protocolId": "galen_consortium", "bootNodes": [],
            "genesis": { "runtimeGenesis": { "code": "0x00", "patch": {
                "network": { "epochBlocks": 1800, "sessionsPerEra": 6, "jobBlocks": 150, "membersOnlyPeers": true },
                "balances": { "balances": [["5EYCAe5gvYUAEDYpHiJPyAA9hijVPdE2rPruLfe3USHzagg7", 10_000_000_000_000_000_000u64]] },
                "consortium": { "members": [], "quotas": { "grantsPerDay": 1, "openJobs": 1 } },
                "council": { "members": [] }, "session": { "keys": [] }, "staking": { "stakers": [], "validatorCount": 100 },
            } } },
        })
    }

    fn four() -> Vec<Public> {
        (1..=4).map(public).collect()
    }

    #[test]
    fn the_hospitals_stand_where_the_runtime_reads_them() {
        let terms = Terms { era_epochs: Some(3), id: Some("test_1".into()), ..Terms::default() };
        let spec = fill(&template(), &four(), &terms).unwrap();
        let at = |path: &str| spec.pointer(&format!("/genesis/runtimeGenesis/patch{path}")).unwrap();
        let account = json!(AccountId::new([2; 32]));
        assert_eq!(at("/consortium/members/1/0"), &account);
        assert_eq!(at("/consortium/members/1/1"), "Hospital 2");
        assert_eq!(at("/consortium/members/1/2"), &json!(public(2).worker_key));
        assert_eq!(at("/consortium/nodes/1"), &json!([account, [public(2).peer_id]]));
        assert_eq!(at("/council/members/1"), &account);
        assert_eq!(at("/session/keys/1/0"), &account);
        assert_eq!(
            at("/session/keys/1/2/im_online"),
            &json!(AccountId::new(public(2).session_keys.im_online.0))
        );
        assert_eq!(
            at("/staking/stakers/1"),
            &json!([account, account, 100_000_000_000_000_000u64, "Validator"])
        );
        assert_eq!(at("/balances/balances/0/1"), &json!(10_000_000_000_000_000_000u64));
        assert_eq!(at("/balances/balances/2"), &json!([account, 110_000_000_000_000_000u64]));
        assert_eq!(at("/network/sessionsPerEra"), 3);
        assert_eq!(at("/network/epochBlocks"), 1800);
        assert_eq!((&spec["id"], &spec["protocolId"]), (&json!("test_1"), &json!("test_1")));
        let boot = format!("/dns4/node.one.example/tcp/30333/p2p/{}", public(1).peer_id);
        assert_eq!(spec["bootNodes"], json!([boot]));
        assert_eq!(spec["genesis"]["runtimeGenesis"]["code"], "0x00");
    }

    #[test]
    fn each_fault_is_named() {
        type Fault = fn(&mut Vec<Public>, &mut Terms);
        let faults: [(Fault, &str); 15] = [
            (|f, _| f.truncate(3), "fewer than 4"),
            (|f, _| f[0].name = "hospital 2".into(), "the same name"),
            (|f, _| f[0].name = "H\u{f4}pital".into(), "not a name"),
            (|f, _| f[0].name = " Mercy".into(), "not a name"),
            (|f, _| f[0].name = "a".repeat(65), "not a name"),
            (|f, _| f[0].account = f[1].account.clone(), "the same account"),
            (|f, _| f[0].worker_key = f[1].worker_key, "the same worker key"),
            (|f, _| f[0].session_keys.babe = f[1].session_keys.babe, "the same session key"),
            (|f, _| f[0].peer_id = f[1].peer_id.clone(), "the same peer id"),
            (|f, _| f[0].peer_id = "12D3KooW".into(), "not a node's peer id"),
            (|f, _| f[0].address = Some("node.example:30333".into()), "not where a node is reached"),
            (|_, t| t.stake = Some(MAX_STAKE + 1), "beyond the cap"),
            (|_, t| t.stake = Some(GLN), "below 10000 GLN"),
            (|_, t| t.epoch_blocks = Some(3), "fewer than 4 slots"),
            (|_, t| t.id = Some("Galen".into()), "not a chain id"),
        ];
        for (fault, words) in faults {
            let (mut founders, mut terms) = (four(), Terms::default());
            fault(&mut founders, &mut terms);
            let error = fill(&template(), &founders, &terms).unwrap_err().to_string();
            assert!(error.contains(words), "{words}: {error}");
        }
        let fewer = Terms { allow_fewer: true, ..Terms::default() };
        fill(&template(), &four()[..1], &fewer).unwrap();
        assert!(fill(&template(), &[], &fewer).is_err());
        assert!(fill(&json!({}), &four(), &Terms::default()).unwrap_err().to_string().contains("template"));
    }

    #[test]
    fn public_files_have_no_room_for_anything_else() {
        let mut value = json!(public(1));
        assert_eq!(serde_json::from_value::<Public>(value.clone()).unwrap(), public(1));
        value["secretPhrase"] = json!("bottom drive");
        assert!(serde_json::from_value::<Public>(value).is_err());
    }

    #[test]
    fn addresses_and_peer_ids() {
        for good in ["/ip4/10.0.0.1/tcp/30333", "/ip6/::1/tcp/1", "/dns/a-b.example/tcp/65535"] {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["", "/ip4/10.0.0.1", "/ip4/x/tcp/1", "/dns4//tcp/1", "/ip4/1.2.3.4/tcp/0", "/ip4/1.2.3.4/udp/1"]
        {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(is_peer_id("12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp"));
        assert!(!is_peer_id("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"));
    }
}
