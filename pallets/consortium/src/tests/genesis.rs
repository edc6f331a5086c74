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
        assert_eq!(Logged::get(), vec![]);
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
