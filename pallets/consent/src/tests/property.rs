//! Random histories against a reference model that shares nothing with the pallet but its types.

use crate::{Error, mock::*};
use galen_primitives::{
    H256,
    consent::{
        Basis, Confidentiality, ConsentTerms, Data, Decision, Effect, Meaning, Outcome, Part, Period,
        Provision, Purpose, Question, Reason,
    },
    records::RecordFacts,
    traits::{ConsentCheck, Consortium},
};
use proptest::{
    prelude::*,
    test_runner::{Config as Cases, TestRunner},
};
use sp_runtime::DispatchResult;
use std::cell::RefCell;

/// Levels by rank, as the model counts them.
const LEVELS: [Confidentiality; 6] = [
    Confidentiality::U,
    Confidentiality::L,
    Confidentiality::M,
    Confidentiality::N,
    Confidentiality::R,
    Confidentiality::V,
];
const CUSTODIANS: [u8; 3] = [1, 1, 2];
const MEANINGS: [Meaning; 3] = [Meaning::Instance, Meaning::Related, Meaning::AuthoredBy];

/// A rule in bits: actors are hospitals 1 to 4 and persons 5 to 7, by their number.
#[derive(Clone, Debug, PartialEq)]
struct Rule {
    permits: bool,
    period: Option<(u64, u64)>,
    purposes: u16,
    actors: u8,
    written: Option<(u64, u64)>,
    /// Meaning and name, at most.
    data: Vec<(usize, u8)>,
    levels: u8,
    labels: u8,
}

#[derive(Clone, Debug)]
struct Grant {
    patient: usize,
    root: Rule,
    exceptions: Vec<Rule>,
    supersedes: Option<u32>,
}

#[derive(Clone, Debug)]
struct About {
    level: u8,
    labels: u8,
    written: Option<u64>,
    name: Option<u8>,
    related: u8,
    authors: u8,
}

#[derive(Clone, Debug)]
struct Ask {
    patient: usize,
    custodian: u8,
    requester: u8,
    persons: u8,
    purpose: u8,
    about: Option<About>,
    back: u32,
}

#[derive(Clone, Debug)]
enum Step {
    Grant(Grant),
    Revoke(usize, u32),
    Pass(u32, u64),
    Member(u8, bool),
    Ask(Ask),
}

fn window() -> impl Strategy<Value = Option<(u64, u64)>> {
    prop_oneof![2 => Just(None), 1 => (0..300u64, 0..300u64).prop_map(|(from, long)| Some((from, from + long)))]
}

/// A rule has few elements, so that something matches it.
fn rule_of() -> impl Strategy<Value = Rule> {
    let rarely = |strategy: std::ops::Range<u8>| prop_oneof![3 => Just(0u8), 1 => strategy];
    let data = prop_oneof![
        4 => Just(Vec::new()),
        1 => prop::collection::btree_set((0..3usize, 1..4u8), 1..3).prop_map(|set| set.into_iter().collect())
    ];
    let purposes = prop_oneof![1 => Just(0u16), 2 => 1u16..512];
    (
        prop::bool::weighted(0.7),
        window(),
        purposes,
        prop_oneof![1 => Just(0u8), 3 => (1..128u8).prop_map(|bits| bits << 1)],
        prop_oneof![4 => Just(None), 1 => window()],
        data,
        rarely(1..64),
        rarely(1..8),
    )
        .prop_map(|(permits, period, purposes, actors, written, data, levels, labels)| Rule {
            permits,
            period,
            purposes,
            actors,
            written,
            data,
            levels,
            labels,
        })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let grant = (
        0..3usize,
        rule_of(),
        prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(rule_of(), 1..4)],
        prop_oneof![5 => Just(None), 1 => (0..4u32).prop_map(Some)],
    )
        .prop_map(|(patient, root, exceptions, supersedes)| {
            Step::Grant(Grant { patient, root, exceptions, supersedes })
        });
    let about = (0..6u8, 0..8u8, prop::option::of(0..400u64), prop::option::of(1..4u8), 0..8u8, 0..8u8)
        .prop_map(|(level, labels, written, name, related, authors)| About {
            level,
            labels: if labels < 4 { 0 } else { labels },
            written,
            name,
            related: related << 1,
            authors: authors << 1,
        });
    let hospitals = prop_oneof![3 => Just(2u8), 1 => 1..=4u8];
    let custodian = prop_oneof![9 => Just(0u8), 1 => 1..=4u8];
    let ask = (
        0..3usize,
        custodian,
        hospitals,
        prop_oneof![Just(0u8), 0..8u8],
        0..9u8,
        prop::option::weighted(0.9, about),
        0..12u32,
    )
        .prop_map(|(patient, custodian, requester, persons, purpose, about, back)| {
            Step::Ask(Ask { patient, custodian, requester, persons: persons << 5, purpose, about, back })
        });
    let step = prop_oneof![
        6 => grant,
        4 => (0..3usize, 0..12u32).prop_map(|(patient, id)| Step::Revoke(patient, id)),
        2 => (1..3u32, 0..40u64).prop_map(|(blocks, seconds)| Step::Pass(blocks, seconds)),
        1 => (2..=3u8, prop::bool::weighted(0.8)).prop_map(|(hospital, member)| Step::Member(hospital, member)),
        22 => ask,
    ];
    prop::collection::vec(step, 1..400)
}

impl Rule {
    /// Whether it says something to the question at `now`, element by element; the number of the first that is missed.
    fn misses(&self, ask: &Ask, now: u64) -> Option<usize> {
        let either = |known: Option<bool>| known.unwrap_or(!self.permits);
        let inside = |window: &Option<(u64, u64)>, time: u64| {
            window.is_none_or(|(from, to)| (from..=to).contains(&time))
        };
        if !inside(&self.period, now) {
            return Some(0);
        }
        if self.purposes != 0 && self.purposes & (1 << ask.purpose) == 0 {
            return Some(1);
        }
        if self.actors != 0 && self.actors & ((1 << ask.requester) | ask.persons) == 0 {
            return Some(2);
        }
        let about = ask.about.as_ref();
        if self.written.is_some()
            && !either(about.and_then(|a| a.written).map(|time| inside(&self.written, time)))
        {
            return Some(3);
        }
        let named = |(meaning, name): &(usize, u8)| {
            let about = about?;
            match meaning {
                0 => about.name.map(|own| own == *name),
                1 => (about.related != 0).then(|| about.related & (1 << name) != 0),
                _ => (about.authors != 0).then(|| about.authors & (1 << name) != 0),
            }
        };
        if !self.data.is_empty() && !self.data.iter().any(|entry| either(named(entry))) {
            return Some(4);
        }
        if self.levels | self.labels != 0 {
            let label = |about: &About| {
                if self.permits {
                    let highest = (0..6).rev().find(|rank| self.levels & (1 << rank) != 0).unwrap_or(3);
                    about.level <= highest && about.labels & !self.labels == 0
                } else {
                    let lowest = (0..6).find(|rank| self.levels & (1 << rank) != 0).unwrap_or(6);
                    about.level >= lowest || about.labels & self.labels != 0
                }
            };
            if !either(about.map(label)) {
                return Some(5);
            }
        }
        None
    }
}

struct Given {
    grant: Grant,
    from: u32,
    listed: Option<u32>,
    until: Option<u32>,
    pruned: bool,
}

/// Lists and bits; every question is answered by going through all that was ever granted.
struct Model {
    given: [Vec<Given>; 3],
    members: [bool; 5],
    /// The time of each block that was, by number.
    times: Vec<u64>,
}

const MISSED: [Reason; 6] = [
    Reason::ProvisionOutsidePeriod,
    Reason::PurposeNotCovered,
    Reason::ActorNotCovered,
    Reason::DataPeriodNotCovered,
    Reason::DataNotCovered,
    Reason::LabelNotCovered,
];

impl Grant {
    fn only_denies(&self) -> bool {
        !self.root.permits && self.exceptions.iter().all(|rule| !rule.permits)
    }
    fn is_over(&self, now: u64) -> bool {
        self.root.period.is_some_and(|(_, to)| to < now)
    }
}

impl Model {
    fn block(&self) -> u32 {
        self.times.len() as u32 - 1
    }
    fn now(&self) -> u64 {
        self.times[self.times.len() - 1]
    }

    fn listed(&self, patient: usize) -> usize {
        let live = |given: &&Given| given.listed.is_some() && given.until.is_none() && !given.pruned;
        self.given[patient].iter().filter(live).count()
    }
    fn waiting(&self, patient: usize) -> Vec<usize> {
        let all = self.given[patient].iter().enumerate();
        all.filter(|(_, given)| given.listed.is_none() && given.until.is_none()).map(|(id, _)| id).collect()
    }

    fn grant(&mut self, grant: Grant) -> DispatchResult {
        let (patient, now, block) = (grant.patient, self.now(), self.block());
        if !self.members[usize::from(CUSTODIANS[patient])] {
            return Err(Error::<Test>::NotMember.into());
        }
        if grant.is_over(now) {
            return Err(Error::<Test>::InvalidPeriod.into());
        }
        if let Some(old) = grant.supersedes {
            let old = self.given[patient].get(old as usize).ok_or(Error::<Test>::NotFound)?;
            if old.until.is_some() {
                return Err(Error::<Test>::AlreadyEnded.into());
            }
        }
        // What follows changes the model even if the grant is refused in the end, which the pallet undoes: so does this.
        let denies = grant.only_denies();
        let room = if denies { MAX_LIVE } else { MAX_GRANTS } as usize;
        let before: Vec<_> = self.given[patient].iter().map(|g| (g.listed, g.until, g.pruned)).collect();
        if let Some(old) = grant.supersedes {
            self.given[patient][old as usize].until = Some(block);
            self.admit(patient);
        }
        if self.listed(patient) >= room {
            for given in &mut self.given[patient] {
                given.pruned |= given.listed.is_some() && given.until.is_none() && given.grant.is_over(now);
            }
        }
        let listed = self.listed(patient) < room && self.waiting(patient).is_empty();
        if !listed && !denies {
            for (given, (listed, until, pruned)) in self.given[patient].iter_mut().zip(before) {
                (given.listed, given.until, given.pruned) = (listed, until, pruned);
            }
            return Err(Error::<Test>::TooManyGrants.into());
        }
        let listed = listed.then_some(block);
        self.given[patient].push(Given { grant, from: block, listed, until: None, pruned: false });
        self.admit(patient);
        Ok(())
    }

    /// Lets in what waits, the first come first.
    fn admit(&mut self, patient: usize) {
        let room = (MAX_LIVE as usize).saturating_sub(self.listed(patient));
        let entering = self.waiting(patient).len().min(room).min(4);
        for _ in 0..entering {
            let id = self.waiting(patient)[0];
            self.given[patient][id].listed = Some(self.block());
        }
    }

    fn revoke(&mut self, patient: usize, id: u32) -> DispatchResult {
        let block = self.block();
        let given = self.given[patient].get_mut(id as usize).ok_or(Error::<Test>::NotFound)?;
        if given.until.is_some() {
            return Err(Error::<Test>::AlreadyEnded.into());
        }
        given.until = Some(block);
        self.admit(patient);
        Ok(())
    }

    /// Whether the pallet has listed the same ones at the same time.
    fn compare(&self, patient: usize, wallet: &Wallet) {
        let listed: Vec<_> = Consent::consents(&wallet.key()).iter().map(|v| v.listed_from).collect();
        let mine: Vec<_> = self.given[patient].iter().map(|given| given.listed).collect();
        assert_eq!(listed, mine);
    }

    fn answer(&self, ask: &Ask, at: u32) -> (Outcome, Reason, Option<Basis>) {
        let refuse = |reason| (Outcome::NoConsent, reason, None);
        if ask.custodian != 0 && ask.custodian != CUSTODIANS[ask.patient] {
            return refuse(Reason::NotEnrolled);
        }
        let now = self.times[at as usize];
        let (mut best, mut permit, mut deny) = (Reason::NoConsent, None, None);
        for (id, given) in self.given[ask.patient].iter().enumerate().filter(|(_, given)| given.from <= at) {
            if given.until.is_some_and(|until| until <= at) {
                best = best.max(Reason::Revoked);
                continue;
            }
            if given.listed.is_none_or(|listed| listed > at) {
                return (Outcome::Deny, Reason::TooManyDenials, None);
            }
            if given.grant.root.period.is_some_and(|(from, to)| now < from || now > to) {
                best = best.max(Reason::OutsidePeriod);
                continue;
            }
            let rules = &given.grant.exceptions;
            let hit = |permits: bool| {
                rules.iter().position(|rule| rule.permits == permits && rule.misses(ask, now).is_none())
            };
            let basis = |part| Basis { consent: id as u32, part };
            let exception = |index: usize| basis(Part::Exception(index as u32));
            let root = given.grant.root.misses(ask, now).is_none();
            match (hit(false), hit(true)) {
                (Some(index), _) => deny = deny.or(Some((Reason::Exception, exception(index)))),
                (None, Some(index)) => permit = permit.or(Some((Reason::Exception, exception(index)))),
                (None, None) if root && given.grant.root.permits => {
                    permit = permit.or(Some((Reason::Root, basis(Part::Root))));
                }
                (None, None) if root => deny = deny.or(Some((Reason::Root, basis(Part::Root)))),
                (None, None) => {
                    for rule in rules.iter().chain([&given.grant.root]) {
                        best = best.max(MISSED[rule.misses(ask, now).unwrap()]);
                    }
                }
            }
        }
        match (deny, permit) {
            (Some((reason, basis)), _) => (Outcome::Deny, reason, Some(basis)),
            (None, Some((reason, basis))) => (Outcome::Permit, reason, Some(basis)),
            (None, None) => refuse(best),
        }
    }
}

fn bits(mask: u8) -> impl Iterator<Item = u8> {
    (0..8).filter(move |bit| mask & (1 << bit) != 0)
}

/// Hospitals by their accounts, persons by a random id.
fn actor_of(number: u8) -> H256 {
    if number <= 4 { actor(&hospital(number)) } else { H256([0x50 + number; 32]) }
}

/// Labels, names, encounters and authors have ids of their own.
fn name_of(kind: usize, number: u8) -> H256 {
    H256([0x80 + 0x10 * kind as u8 + number; 32])
}

fn provision_of(rule: &Rule) -> Provision {
    let period = |window: Option<(u64, u64)>| {
        window.map(|(from, to)| Period { start: Some(START + from), end: Some(START + to) })
    };
    let purposes: Vec<_> = Purpose::ALL
        .into_iter()
        .enumerate()
        .filter(|(bit, _)| rule.purposes & (1 << bit) != 0)
        .map(|(_, purpose)| purpose)
        .collect();
    let data = rule
        .data
        .iter()
        .map(|(kind, name)| Data { meaning: MEANINGS[*kind], reference: name_of(*kind, *name) })
        .collect::<Vec<_>>();
    Provision {
        effect: if rule.permits { Effect::Permit } else { Effect::Deny },
        period: period(rule.period),
        purposes: purposes.try_into().unwrap(),
        actors: bits(rule.actors).map(actor_of).collect::<Vec<_>>().try_into().unwrap(),
        data_period: period(rule.written),
        data: data.try_into().unwrap(),
        levels: bits(rule.levels)
            .map(|rank| LEVELS[usize::from(rank)])
            .collect::<Vec<_>>()
            .try_into()
            .unwrap(),
        labels: bits(rule.labels).map(label).collect::<Vec<_>>().try_into().unwrap(),
    }
}

fn terms_of(grant: &Grant, wallet: &Wallet) -> ConsentTerms {
    ConsentTerms {
        custodian: hospital(CUSTODIANS[grant.patient]),
        root: provision_of(&grant.root),
        exceptions: grant.exceptions.iter().map(provision_of).collect::<Vec<_>>().try_into().unwrap(),
        supersedes: grant.supersedes,
        ..terms(&wallet.key())
    }
}

fn question_of(ask: &Ask, wallet: &Wallet) -> Question {
    let custodian = if ask.custodian == 0 { CUSTODIANS[ask.patient] } else { ask.custodian };
    let named =
        |kind, mask| bits(mask).map(|name| name_of(kind, name)).collect::<Vec<_>>().try_into().unwrap();
    Question {
        patient: wallet.key(),
        custodian: hospital(custodian),
        requester: hospital(ask.requester),
        actors: bits(ask.persons).map(actor_of).collect::<Vec<_>>().try_into().unwrap(),
        purpose: Purpose::ALL[usize::from(ask.purpose)],
        record: ask.about.as_ref().map(|about| RecordFacts {
            level: LEVELS[usize::from(about.level)],
            labels: bits(about.labels).map(label).collect::<Vec<_>>().try_into().unwrap(),
            authored: about.written.map(|time| START + time),
            authors: named(2, about.authors),
            name: about.name.map(|name| name_of(0, name)),
            related: named(1, about.related),
        }),
    }
}

fn seen(decision: Decision) -> (Outcome, Reason, Option<Basis>) {
    (decision.outcome, decision.reason, decision.basis)
}

/// What the histories together reached, so that an idle test does not pass.
#[derive(Debug, Default)]
struct Tally {
    asked: u32,
    permitted: u32,
    denied: u32,
    by_exception: u32,
    too_many_denials: u32,
    refused_grants: u32,
    superseded: u32,
    witnessed: u32,
}

fn play(history: &[Step], tally: &mut Tally) {
    let wallets = [Wallet::sr(1), Wallet::ed(2).wrapping(), Wallet::sr(3).wrapping()];
    let mut model =
        Model { given: Default::default(), members: [false, true, true, true, false], times: vec![0, 0] };
    FakeConsortium::admit(&hospital(3), "Third");
    for (wallet, custodian) in wallets.iter().zip(CUSTODIANS) {
        enrol(&hospital(custodian), &wallet.key()).unwrap();
    }
    // What the pallet decided last in each block, to be asked again at the end.
    let mut witnesses = Vec::new();
    let mut last: Option<Question> = None;
    for step in history {
        match step {
            Step::Grant(wanted) => {
                let wallet = &wallets[wanted.patient];
                let expected = model.grant(wanted.clone());
                tally.refused_grants += u32::from(expected == Err(Error::<Test>::TooManyGrants.into()));
                tally.superseded += u32::from(expected.is_ok() && wanted.supersedes.is_some());
                assert_eq!(grant(&general(), wallet, &terms_of(wanted, wallet)), expected);
                model.compare(wanted.patient, wallet);
            }
            Step::Revoke(patient, id) => {
                let wallet = &wallets[*patient];
                assert_eq!(revoke(&general(), wallet, *id), model.revoke(*patient, *id));
                model.compare(*patient, wallet);
            }
            Step::Pass(blocks, seconds) => {
                if let Some(question) = last.take().filter(|last| FakeConsortium::is_member(&last.requester))
                {
                    let decision = Consent::decide(&question);
                    witnesses.push((question, model.block(), Clock::get(), decision));
                }
                let (then, now) = (model.now(), model.now() + seconds);
                for _ in 1..*blocks {
                    model.times.push(then);
                }
                model.times.push(now);
                to_block(model.block());
                Clock::set(START + now);
            }
            Step::Member(number, member) => {
                model.members[usize::from(*number)] = *member;
                let account = hospital(*number);
                if *member {
                    FakeConsortium::admit(&account, if *number == 2 { "Mercy" } else { "Third" });
                } else {
                    FakeConsortium::evict(&account);
                }
            }
            Step::Ask(ask) => {
                let question = question_of(ask, &wallets[ask.patient]);
                let decision = seen(Consent::decide(&question));
                let expected = if model.members[usize::from(ask.requester)] {
                    model.answer(ask, model.block())
                } else {
                    (Outcome::NoConsent, Reason::NotMember, None)
                };
                assert_eq!(decision, expected, "{ask:?}");
                // Patients were enrolled in block 1.
                let at = model.block().saturating_sub(ask.back).max(1);
                let then = START + model.times[at as usize];
                let earlier = seen(Consent::decide_at(&question, at, then));
                assert_eq!(earlier, model.answer(ask, at), "{ask:?} at {at}");
                tally.asked += 2;
                tally.permitted += u32::from(decision.0 == Outcome::Permit);
                tally.denied += u32::from(decision.0 == Outcome::Deny);
                tally.by_exception += u32::from(decision.1 == Reason::Exception);
                tally.too_many_denials += u32::from(decision.1 == Reason::TooManyDenials);
                last = Some(question);
            }
        }
    }
    for (question, at, then, decision) in witnesses {
        assert_eq!(Consent::decide_at(&question, at, then), decision, "{question:?} at {at}");
        tally.witnessed += 1;
    }
}

#[test]
fn histories_are_decided_as_the_model_decides() {
    let tally = RefCell::new(Tally::default());
    TestRunner::new(Cases { cases: 448, failure_persistence: None, ..Default::default() })
        .run(&steps(), |history| {
            run(|| play(&history, &mut tally.borrow_mut()));
            Ok(())
        })
        .unwrap();
    let tally = tally.into_inner();
    println!("{tally:?}");
    assert!(tally.asked >= 100_000 * 3 / 4 && tally.witnessed >= 100, "asked too little");
    assert!(tally.permitted >= 500 && tally.denied >= 500 && tally.by_exception >= 100, "one-sided");
    assert!(
        tally.too_many_denials >= 50 && tally.refused_grants >= 10 && tally.superseded >= 10,
        "no full list"
    );
}
