use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Act {
    Put(u8, Vec<u8>),
    Summarise(prop::sample::Index),
    Erase(prop::sample::Index),
    ErasePatient(u8),
    Crash(prop::sample::Index, &'static str),
    Reopen,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..4u8, "[a-z ]{0,40}").prop_map(|(patient, text)| Act::Put(patient, format!("note {text}").into())),
        2 => any::<prop::sample::Index>().prop_map(Act::Summarise),
        1 => any::<prop::sample::Index>().prop_map(Act::Erase),
        1 => (0..4u8).prop_map(Act::ErasePatient),
        1 => (any::<prop::sample::Index>(), prop::sample::select(vec!["keys written", "committed", "master replaced"]))
            .prop_map(|(at, step)| Act::Crash(at, step)),
        1 => Just(Act::Reopen),
    ]
}

/// id -> patient, text, and of which record if it is a summary.
type Model = BTreeMap<H256, (u8, Vec<u8>, Option<H256>)>;

fn erase(model: &mut Model, id: &H256) {
    model.retain(|other, (.., of)| other != id && of.as_ref() != Some(id));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn the_vault_is_a_map(acts in proptest::collection::vec(act(), 1..24)) {
        let (directory, mut vault) = fresh();
        let mut model = Model::new();
        let mut jobs = 0u8;
        for act in acts {
            let pick = |at: &prop::sample::Index, model: &Model| {
                (!model.is_empty()).then(|| *model.keys().nth(at.index(model.len())).unwrap())
            };
            match act {
                Act::Put(number, text) => {
                    let id = vault.put(&patient(number), Scheme::Text, &text).unwrap();
                    prop_assert!(model.insert(id, (number, text, None)).is_none());
                }
                Act::Summarise(at) => {
                    let records: Model = model.iter().filter(|(_, row)| row.2.is_none())
                        .map(|(id, row)| (*id, row.clone())).collect();
                    let Some(record) = pick(&at, &records) else { continue };
                    jobs += 1;
                    let json = format!("{{\"job\":{jobs}}}").into_bytes();
                    let made = vault.put_summary(&H256([jobs; 32]), &record, &json, receipt).unwrap();
                    model.insert(made.output, (model[&record].0, json, Some(record)));
                }
                Act::Erase(at) => {
                    let Some(id) = pick(&at, &model) else { continue };
                    let before = model.len();
                    let erased = vault.erase(&id).unwrap();
                    erase(&mut model, &id);
                    prop_assert_eq!(erased.documents + erased.summaries, (before - model.len()) as u64);
                }
                Act::ErasePatient(number) => {
                    let before = model.len();
                    let erased = vault.erase_patient(&patient(number));
                    model.retain(|_, (owner, ..)| *owner != number);
                    prop_assert_eq!(erased.is_ok(), model.len() < before);
                }
                Act::Crash(at, step) => {
                    let Some(id) = pick(&at, &model) else { continue };
                    vault.fail_at(step);
                    prop_assert!(vault.erase(&id).is_err());
                    if step != "keys written" {
                        erase(&mut model, &id);
                    }
                    drop(vault);
                    vault = reopen(&directory);
                }
                Act::Reopen => {
                    drop(vault);
                    vault = reopen(&directory);
                }
            }
            prop_assert_eq!(vault.len().unwrap(), model.len() as u64);
            for (id, (number, text, _)) in &model {
                let document = vault.get(id).unwrap().unwrap();
                prop_assert_eq!((&**document.original, document.patient), (text.as_slice(), patient(*number)));
            }
        }
    }
}
