use crate::{Founder, GenesisConfig, mock::*};
use frame_support::traits::BuildGenesisConfig;
use galen_primitives::{H256, traits::Consortium as _};

fn founder(seed: u8, name: &str, worker_key: Option<H256>) -> Founder {
    (account(seed), name.as_bytes().to_vec(), worker_key)
}

fn genesis(members: Vec<Founder>) -> GenesisConfig<Test> {
    GenesisConfig { members, quotas: QUOTAS, ..Default::default() }
}

#[test]
fn founders_are_members_from_block_0_and_not_in_the_log() {
    run(|| {
        genesis(vec![founder(1, "North", Some(key(1))), founder(2, "South", None)]).build();
        let member = Consortium::member(account(1)).unwrap();
        assert_eq!(member.name, name("North"));
        assert_eq!((member.admitted_at, member.worker_key, member.quotas), (0, Some(key(1)), QUOTAS));
        assert_eq!(Consortium::member_of_worker_key(&key(1)), Some(account(1)));
        assert_eq!(Consortium::members().len(), 2);
        let periods = Consortium::worker_keys(&account(1));
        assert_eq!((periods.len(), periods[0].key, periods[0].until), (1, key(1), None));
        assert_eq!(FakeAudit::entries(), vec![]);
    });
}

#[test]
fn the_specification_is_readable() {
    let config = genesis(vec![founder(1, "North", Some(key(1))), founder(2, "South", None)]);
    let json = serde_json::to_value(&config).unwrap();
    assert_eq!(json["members"][0][1], "North");
    assert_eq!(json["members"][1][2], serde_json::Value::Null);
    assert_eq!(json["quotas"]["grantsPerDay"], 3);
    let again: GenesisConfig<Test> = serde_json::from_value(json).unwrap();
    assert_eq!(again.members, config.members);
    assert_eq!(again.quotas, config.quotas);
}

fn with_nodes(nodes: &[(u8, &[&str])]) -> GenesisConfig<Test> {
    let ids = |ids: &[&str]| ids.iter().map(|id| id.as_bytes().to_vec()).collect();
    let nodes = nodes.iter().map(|(seed, list)| (account(*seed), ids(list))).collect();
    GenesisConfig { nodes, ..genesis(vec![founder(1, "North", None), founder(2, "South", None)]) }
}

#[test]
fn founders_have_nodes_that_are_readable() {
    run(|| {
        let config = with_nodes(&[(2, &["12D3KooWb", "12D3KooWa"]), (1, &[])]);
        let json = serde_json::to_value(&config).unwrap();
        assert_eq!(json["nodes"][0][1][1], "12D3KooWa");
        let again: GenesisConfig<Test> = serde_json::from_value(json).unwrap();
        assert_eq!(again.nodes, config.nodes);
        again.build();
        let ids: Vec<_> = Consortium::nodes().into_iter().map(|(_, id)| id.into_inner()).collect();
        assert_eq!(ids, [b"12D3KooWa", b"12D3KooWb"]);
    });
}

#[test]
#[should_panic(expected = "not a founding member")]
fn nodes_of_others_are_refused() {
    run(|| with_nodes(&[(3, &["A"])]).build());
}

#[test]
#[should_panic(expected = "come twice")]
fn a_founders_nodes_stand_once() {
    run(|| with_nodes(&[(1, &["A"]), (1, &["B"])]).build());
}

#[test]
#[should_panic(expected = "is not one, or comes twice")]
fn founders_have_different_nodes() {
    run(|| with_nodes(&[(1, &["A"]), (2, &["A"])]).build());
}

#[test]
#[should_panic(expected = "too many nodes")]
fn founders_nodes_are_not_too_many() {
    run(|| with_nodes(&[(1, &["A", "B", "C"])]).build());
}

#[test]
#[should_panic(expected = "no valid name")]
fn a_founder_without_a_valid_name_is_refused() {
    run(|| genesis(vec![founder(1, "", None)]).build());
}

#[test]
#[should_panic(expected = "two founding members have one name")]
fn founders_have_different_names() {
    run(|| genesis(vec![founder(1, "North", None), founder(2, "north", None)]).build());
}

#[test]
#[should_panic(expected = "one worker key")]
fn founders_have_different_worker_keys() {
    run(|| genesis(vec![founder(1, "North", Some(key(1))), founder(2, "South", Some(key(1)))]).build());
}

#[test]
#[should_panic(expected = "comes twice")]
fn founders_have_different_accounts() {
    run(|| genesis(vec![founder(1, "North", None), founder(1, "South", None)]).build());
}

#[test]
#[should_panic(expected = "too many founding members")]
fn founders_are_not_too_many() {
    run(|| genesis((1..=6).map(|seed| founder(seed, &format!("H{seed}"), None)).collect()).build());
}
