//! Random events: what is written is read as the same, and is what the profiles ask for.

use galen_fhir::audit_event::*;
use proptest::{collection::vec, option, prelude::*};
use serde_json::Value;

fn text() -> impl Strategy<Value = String> {
    "[ -~]{0,12}[!-~]".prop_map(|text| text.trim_start().to_owned())
}

fn coding() -> impl Strategy<Value = Coding> {
    (option::of("urn:x:[a-z]{1,5}"), "[A-Za-z0-9]{1,6}( [a-z]{1,4})?")
        .prop_map(|(system, code)| Coding { system, code })
}

fn concept() -> impl Strategy<Value = Concept> {
    prop_oneof![
        (coding(), option::of(text())).prop_map(|(coding, text)| Concept { coding: Some(coding), text }),
        text().prop_map(|text| Concept { coding: None, text: Some(text) }),
        Just(Concept::purpose(galen_primitives::consent::Purpose::Treat)),
    ]
}

fn party() -> impl Strategy<Value = Party> {
    prop_oneof![
        ("[A-Z][a-z]{1,6}/[a-z0-9]{1,6}", option::of(text())).prop_map(|(reference, display)| Party {
            reference: Some(reference),
            display,
            identifier: None
        }),
        (option::of("urn:[a-z]{1,6}"), text(), option::of(text())).prop_map(|(system, value, display)| {
            Party { identifier: Some(Identifier { system, value }), display, reference: None }
        }),
        text().prop_map(|display| Party { display: Some(display), ..Party::default() }),
    ]
}

fn network() -> impl Strategy<Value = Network> {
    let kind = prop_oneof![
        Just(NetworkKind::Domain),
        Just(NetworkKind::Ip),
        Just(NetworkKind::Phone),
        Just(NetworkKind::Email),
        Just(NetworkKind::Uri),
    ];
    prop_oneof![
        (text(), option::of(kind.clone()))
            .prop_map(|(address, kind)| Network { address: Some(address), kind }),
        kind.prop_map(|kind| Network { address: None, kind: Some(kind) }),
    ]
}

// Boxed, since value trees of this depth fill a test's stack.
fn agent(role: Role) -> BoxedStrategy<Agent> {
    (party(), option::of(text()), any::<bool>(), network(), vec(concept(), 0..3))
        .prop_map(move |(who, name, requestor, network, purpose_of_use)| Agent {
            role: role.clone(),
            who,
            name,
            requestor,
            network: Some(network),
            purpose_of_use,
        })
        .boxed()
}

fn entity() -> impl Strategy<Value = Entity> {
    prop_oneof![
        party().prop_map(Entity::Consent),
        (option::of(coding()), option::of(coding()), party()).prop_map(|(kind, role, what)| Entity::Other {
            kind,
            role,
            what
        }),
    ]
}

fn record() -> impl Strategy<Value = Entity> {
    let role = prop_oneof![Just(RecordRole::DomainResource), Just(RecordRole::Report), Just(RecordRole::Job)];
    (party(), role).prop_map(|(what, role)| Entity::Record { what, role })
}

fn query() -> impl Strategy<Value = Entity> {
    (vec(any::<u8>(), 1..40), option::of(text()))
        .prop_map(|(raw, description)| Entity::Query { raw, description })
}

prop_compose! {
    fn agents(pattern: Pattern)(
        named in [
            Role::Client, Role::Server, Role::User, Role::Organization, Role::Authorizer, Role::Source, Role::Recipient,
            Role::Custodian, Role::Advocate,
        ].map(agent).to_vec(),
        others in vec(option::of(coding()).prop_flat_map(|kind| agent(Role::Other(kind))), 0..3),
        kept in any::<[bool; 4]>(),
        turn in 0usize..5,
    ) -> Vec<Agent> {
        let rest = pattern.is_rest();
        let decision = pattern == Pattern::Decision;
        let mut agents: Vec<Agent> = named.into_iter().filter(|agent| match agent.role {
            Role::Client => rest || decision,
            Role::Server => rest,
            Role::User => decision || kept[0],
            Role::Organization => decision || kept[1],
            Role::Authorizer => decision,
            Role::Source | Role::Recipient => !rest && !decision,
            Role::Custodian => !rest && !decision && kept[2],
            _ => !rest && !decision && kept[3],
        }).collect();
        for agent in &mut agents {
            // What the profiles forbid.
            if agent.role == Role::User && (rest || decision) {
                (agent.requestor, agent.network) = (true, None);
            }
            if decision && agent.role != Role::User {
                agent.name = None;
                agent.requestor = agent.requestor && agent.role == Role::Client;
                if agent.role != Role::Client {
                    agent.network = None;
                }
                if agent.role != Role::Organization {
                    agent.purpose_of_use.clear();
                }
            }
        }
        agents.extend(others);
        let turn = turn % agents.len().max(1);
        agents.rotate_left(turn);
        agents
    }
}

prop_compose! {
    fn event()(pattern in prop::sample::select(Pattern::ALL.to_vec()))(
        pattern in Just(pattern),
        agents in agents(pattern).boxed(),
        id in option::of("[A-Za-z0-9.-]{1,64}"),
        recorded in -62_135_596_800_000i64..=253_402_300_799_999,
        outcome in prop_oneof![
            3 => Just(Outcome::Success), 1 => Just(Outcome::MinorFailure), 1 => Just(Outcome::SeriousFailure),
            1 => Just(Outcome::MajorFailure),
        ],
        outcome_text in option::of(text()),
        purposes in vec(concept(), 0..3),
        (observer, site) in (party(), option::of(text())),
        patient in option::of("[a-z0-9]{1,8}"),
        mut extra in vec(entity().boxed(), 0..3),
        (record, query, request) in (record().boxed(), query().boxed(), option::of(text())),
        consents in vec(party(), 1..3),
    ) -> AuditEvent {
        let observer = agents.iter().find(|agent| match pattern {
            Pattern::Decision => agent.role == Role::Authorizer,
            Pattern::DisclosureAtSource => agent.role == Role::Source,
            Pattern::DisclosureAtRecipient => agent.role == Role::Recipient,
            _ => false,
        }).map_or(observer, |agent| agent.who.clone());
        let rest = pattern.is_rest();
        match pattern {
            Pattern::Decision => {
                extra = consents.into_iter().map(Entity::Consent).collect();
                extra.extend(request.map(Entity::Token));
                if outcome != Outcome::Success {
                    extra.remove(0);
                }
            }
            Pattern::Query(_) => extra.push(query),
            _ => extra.push(record),
        }
        AuditEvent {
            id, pattern, recorded: Instant(recorded), outcome, outcome_text, purposes, agents,
            source: Source { observer, site },
            patient: match patient {
                None if rest => None,
                name => Some(Party::reference(format!("Patient/{}", name.unwrap_or("x".into())))),
            },
            entities: extra,
        }
    }
}

/// Nothing empty anywhere: FHIR's JSON has no null, no empty string, array or object.
fn nothing_empty(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty() && items.iter().all(nothing_empty),
        Value::Object(members) => !members.is_empty() && members.values().all(nothing_empty),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn what_is_written_is_read_as_the_same(event in event().boxed()) {
        let value = event.to_value().unwrap();
        prop_assert!(nothing_empty(&value), "{:#}", value);
        prop_assert_eq!(parse(&value).unwrap(), event.clone());
        // The text, too, through the bounded reader.
        let text = serde_json::to_vec(&value).unwrap();
        let again = galen_fhir::json::read(&text, &galen_fhir::json::RESOURCES).unwrap();
        prop_assert_eq!(parse(&again).unwrap(), event);
    }

    #[test]
    fn a_profile_is_claimed_for_success_in_rest_and_for_what_names_a_patient(event in event().boxed()) {
        let profile = event.profile();
        if event.pattern.is_rest() {
            prop_assert_eq!(profile.is_some(), event.outcome == Outcome::Success);
        }
        if let (Some(profile), true) = (profile, event.pattern.is_rest()) {
            prop_assert_eq!(profile.contains("IHE.BasicAudit.Patient"), event.patient.is_some());
        }
    }

    #[test]
    fn of_an_event_without_one_of_its_agents_or_entities_nothing_wrong_is_written(event in event().boxed(), at in any::<prop::sample::Index>()) {
        let mut less = event.clone();
        let count = less.agents.len() + less.entities.len();
        prop_assume!(count > 0);
        let at = at.index(count);
        let removed = if at < less.agents.len() {
            let role = less.agents.remove(at).role;
            matches!(role, Role::Client | Role::Server | Role::Source | Role::Recipient | Role::Authorizer)
                || (event.pattern == Pattern::Decision && matches!(role, Role::User | Role::Organization))
        } else {
            matches!(less.entities.remove(at - less.agents.len()), Entity::Record { .. } | Entity::Query { .. })
                && event.pattern.is_rest()
        };
        // What the pattern asks for is missed; the rest is not.
        if removed {
            prop_assert!(less.to_value().is_err());
        }
        if let Ok(value) = less.to_value() {
            prop_assert_eq!(parse(&value).unwrap(), less);
        }
    }
}
