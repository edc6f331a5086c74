//! Absences against a small model that keeps all history and reads the rules off it.

use crate::{Call, mock::*};
use proptest::prelude::*;
use std::collections::BTreeSet;

const MOST: u8 = 10;

#[derive(Clone, Debug)]
enum Step {
    /// A session ends in which these were absent, if they have seats.
    Session(BTreeSet<u8>),
    /// The candidates are elected.
    Elect,
    /// A validator stands, as an operator does that is back.
    Stand(u8),
    /// The council sets the threshold.
    Threshold(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let absent = proptest::collection::btree_set(0..MOST, 0..4);
    // Some are often away, so that counts grow.
    let often = proptest::collection::btree_set(0..3u8, 0..3);
    prop_oneof![
        3 => absent.prop_map(Step::Session),
        6 => often.prop_map(Step::Session),
        1 => Just(Step::Elect),
        2 => (0..MOST).prop_map(Step::Stand),
        1 => (1u32..4).prop_map(Step::Threshold),
    ]
}

struct Ended {
    seated: usize,
    absent: BTreeSet<u8>,
}

#[derive(Default)]
struct Model {
    history: Vec<Ended>,
    seated: BTreeSet<u8>,
    candidates: BTreeSet<u8>,
    lost: BTreeSet<u8>,
    threshold: usize,
}

impl Model {
    // Sessions back from the last one in which it was absent without a break, but for those that excuse everybody.
    fn absent_sessions(&self, number: u8) -> usize {
        self.history
            .iter()
            .rev()
            .take_while(|session| session.absent.contains(&number))
            .filter(|session| 3 * session.absent.len() < session.seated)
            .count()
    }

    fn end_session(&mut self, order: &[u8], absent: &BTreeSet<u8>) {
        self.history.push(Ended { seated: self.seated.len(), absent: absent.clone() });
        if 3 * absent.len() >= self.seated.len() {
            return;
        }
        for number in order {
            let too_long = self.absent_sessions(*number) >= self.threshold;
            let room = self.lost.contains(number) || 3 * (self.lost.len() + 1) < self.seated.len();
            if too_long && room && self.candidates.remove(number) {
                self.lost.insert(*number);
            }
        }
    }
}

proptest! {
    #[test]
    fn absence_is_what_the_model_says(
        validators in 1..=MOST,
        steps in proptest::collection::vec(step(), 0..80),
    ) {
        run(|| {
            elect(validators);
            let all: BTreeSet<u8> = (0..validators).collect();
            let mut model = Model {
                seated: all.clone(),
                candidates: all,
                threshold: THRESHOLD as usize,
                ..Default::default()
            };
            for step in steps {
                match step {
                    Step::Session(absent) => {
                        let absent: BTreeSet<u8> = absent.intersection(&model.seated).copied().collect();
                        let order: Vec<u8> = absent.iter().copied().collect();
                        end_session(&order);
                        model.end_session(&order, &absent);
                    }
                    // An election of nobody keeps the old set, as in staking.
                    Step::Elect if model.candidates.is_empty() => {}
                    Step::Elect => {
                        Seated::set(&model.candidates.iter().copied().map(validator).collect());
                        Era::set(&(Era::get() + 1));
                        model.seated = model.candidates.clone();
                        model.lost.clear();
                    }
                    Step::Stand(number) => {
                        if model.candidates.insert(number) {
                            let mut candidates = Candidates::get();
                            candidates.push(validator(number));
                            Candidates::set(&candidates);
                        }
                    }
                    Step::Threshold(sessions) => {
                        act(council(), Call::set_absence_threshold { sessions }).unwrap();
                        model.threshold = sessions as usize;
                    }
                }
                for number in 0..MOST {
                    prop_assert_eq!(stands(number), model.candidates.contains(&number), "{}", number);
                    prop_assert_eq!(absent_sessions(number) as usize, model.absent_sessions(number), "{}", number);
                }
                // Two thirds of those elected have not lost their seats.
                prop_assert!(model.lost.is_empty() || 3 * model.lost.len() < model.seated.len());
                prop_assert!(Conduct::do_try_state().is_ok());
            }
            Ok(())
        })?;
    }
}
