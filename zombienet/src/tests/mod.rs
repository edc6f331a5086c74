//! The tests. Each has a network of its own and waits for events, with deadlines.

mod clocks;
mod consent;
mod down;
mod election;
mod finality;
mod late;
mod membership;
mod offences;
mod partition;
mod peers;
mod run;
mod session_keys;
mod setup;
mod standing;
mod summary;
mod upgrade;

pub use run::{Options, run};
pub use setup::Lab;

use crate::error::Result;
use futures::future::LocalBoxFuture;
use std::time::Duration;

/// What a test that holds has to say.
#[derive(Debug, Default)]
pub struct Held {
    /// How long what was broken took to work again.
    pub recovery: Option<Duration>,
    /// What was seen, in a line.
    pub seen: String,
}

impl Held {
    /// Nothing had to recover.
    pub fn seen(what: impl Into<String>) -> Self {
        Held { recovery: None, seen: what.into() }
    }

    /// Something recovered.
    pub fn recovered(after: Duration, what: impl Into<String>) -> Self {
        Held { recovery: Some(after), seen: what.into() }
    }
}

/// A test.
pub struct Test {
    /// Its name.
    pub name: &'static str,
    /// What it shows, in a line.
    pub shows: &'static str,
    /// Whether it needs the machine for itself: many nodes, or clocks.
    pub alone: bool,
    /// Does it. The network is left to the lab, which stops it.
    pub run: for<'a> fn(&'a mut Lab) -> LocalBoxFuture<'a, Result<Held>>,
}

macro_rules! tests {
    (@alone beside) => { false };
    (@alone alone) => { true };
    ($($share:ident $name:ident = $module:ident :: $function:ident, $shows:literal;)*) => {
        /// All tests, in the order in which they run.
        pub const ALL: &[Test] = &[$(Test {
            name: stringify!($name),
            shows: $shows,
            alone: tests!(@alone $share),
            run: |lab| Box::pin($module::$function(lab)),
        }),*];
    };
}

tests! {
    beside finality = finality::finality, "four nodes finalize the same chain";
    beside one_down = down::one_down, "one of four killed: the others finalize on; it comes back and catches up";
    beside two_down = down::two_down, "two of four killed: nothing is finalized, nothing forks; it resumes when they return";
    beside fresh_database = down::fresh_database, "kill -9 and the database removed: warp sync, and it authors again";
    beside partition_2_2 = partition::two_and_two, "cut 2|2: neither side finalizes; healed, all agree";
    beside partition_3_1 = partition::three_and_one, "cut 3|1: the three finalize on, the one does not; healed, all agree";
    alone clock_skew = clocks::skew, "a clock ahead by less than a slot is harmless; by more, its blocks wait and the others go on";
    beside consent_everywhere = consent::everywhere, "a consent granted at one hospital is decided the same at all";
    beside summary_across = summary::across, "a summary made at one hospital is verified at another's node";
    beside era_by_votes = election::era_by_votes, "members' nominations decide who is in the next era's set";
    beside admit_evict = membership::admit_evict, "a hospital is admitted and validates, another is evicted; an outsider gets nowhere";
    beside rotate_keys = session_keys::rotate, "session keys rotated live: authored with after two sessions, finality goes on";
    beside equivocation = offences::equivocation, "who signs twice is slashed, disabled and in the audit log";
    beside absence = offences::absence, "who stays away loses its seat, and gets it back when it returns";
    beside members_only_peers = peers::members_only, "a stranger's node gets nothing until a member names it";
    beside upgrade = upgrade::upgrade, "the council upgrades the runtime while transactions flow: none lost, none twice";
    alone late_joiner = late::joiner, "seven hospitals: a late joiner warp syncs; two down, finality goes on";
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn names_are_words_and_each_comes_once() {
        let mut names: Vec<_> = ALL.iter().map(|test| test.name).collect();
        assert!(
            names
                .iter()
                .all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'))
        );
        names.sort();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
