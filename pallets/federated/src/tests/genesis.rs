use crate::{GenesisConfig, GenesisModel, mock::*};
use frame_support::{assert_ok, traits::BuildGenesisConfig};
use galen_primitives::{model::ModelStatus, traits::ModelLookup};

fn model(seed: u8, parent: Option<u8>) -> GenesisModel {
    GenesisModel {
        hash: hash(seed),
        name: format!("model {seed}"),
        parent: parent.map(hash),
        licence: "Apache-2.0".into(),
        card: hash(seed.wrapping_add(128)),
    }
}

fn genesis(models: Vec<GenesisModel>) -> GenesisConfig<Test> {
    GenesisConfig { models, ..Default::default() }
}

#[test]
fn models_of_genesis_are_approved_and_not_in_the_log() {
    run(|| {
        genesis(vec![model(10, None), model(11, Some(10))]).build();
        let found = Federated::model(&hash(11)).unwrap();
        assert_eq!(found.terms, terms(11, Some(10)));
        assert_eq!((found.registrant, found.registered_at), (None, 0));
        assert_eq!((found.status, found.status_since), (ModelStatus::Approved, 0));
        assert_eq!(FakeAudit::entries(), vec![]);
        assert_ok!(open(1, 11, 5));
    });
}

#[test]
fn the_specification_is_readable() {
    let config = genesis(vec![model(10, None)]);
    let json = serde_json::to_value(&config).unwrap();
    assert_eq!(json["models"][0]["name"], "model 10");
    assert_eq!(json["models"][0]["licence"], "Apache-2.0");
    let again: GenesisConfig<Test> = serde_json::from_value(json).unwrap();
    assert_eq!(again.models, config.models);
}

#[test]
#[should_panic(expected = "comes twice")]
fn models_of_genesis_differ() {
    run(|| genesis(vec![model(10, None), model(10, None)]).build());
}

#[test]
#[should_panic(expected = "before its parent")]
fn parents_come_first() {
    run(|| genesis(vec![model(11, Some(10)), model(10, None)]).build());
}

#[test]
#[should_panic(expected = "too long")]
fn long_names_are_refused() {
    run(|| genesis(vec![GenesisModel { name: "a".repeat(65), ..model(10, None) }]).build());
}
