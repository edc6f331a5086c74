//! What a chain of one node on this machine takes: calls included and finalized per second, how long each waits, how large it
//! is, and how long a decision takes; beside balance transfers, and beside a trivial runtime call, on the same node in the same
//! run.

mod calls;
mod flow;

use crate::{
    ensure,
    error::{Context, Error, Result},
    rpc::Rpc,
    submit::Desk,
};
use calls::Kind;
use codec::Encode;
use flow::Flow;
use galen_client::keys::{HospitalKey, PatientKey};
use galen_primitives::{
    consent::{Decision, Purpose, Question},
    records::RecordFacts,
};
use std::time::{Duration, Instant};

/// Decisions that are timed.
const QUESTIONS: usize = 500;
/// Consents in force that a decision is timed over.
const CONSENTS: u32 = 100;

/// Times of something done many times.
#[derive(Clone, Debug)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Of these; there must be some.
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort();
        Times(times)
    }

    /// The time that so many in a hundred stay within.
    pub fn percentile(&self, percent: usize) -> Duration {
        let index = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(index).copied().unwrap_or_default()
    }
}

/// Runs everything against the dev chain behind this WebSocket, with `count` calls of each kind, and prints a table.
pub async fn chain(url: &str, count: u32) -> Result<()> {
    ensure!(count > 0, "at least one call of each kind is needed");
    let bench = Bench {
        rpc: Rpc::new(url.to_owned()),
        desk: Desk::open(url).await?,
        hospital: HospitalKey::read("//Alice")?,
    };
    println!(
        "{:<10} {:>5} {:>7} {:>9} {:>9} {:>7}   {:>15} {:>15}",
        "call", "calls", "bytes", "incl./s", "final/s", "ratio", "incl. p50/p99", "final p50/p99"
    );
    let mut transfers = None;
    for kind in Kind::ALL {
        let calls = bench.prepare(kind, count).await?;
        let before = bench.marker(kind).await?;
        let flow = Flow::run(&bench, calls).await?;
        let after = bench.marker(kind).await?;
        let expected = kind.marks() * u128::from(count);
        ensure!(
            after - before == expected,
            "{}: of {count} calls, not all did what they should",
            kind.name()
        );
        let rate = flow.included_per_second();
        let base = *transfers.get_or_insert(rate);
        println!(
            "{:<10} {:>5} {:>7} {:>9.1} {:>9.1} {:>7.2}   {:>6.1} / {:>4.1} s {:>6.1} / {:>4.1} s",
            kind.name(),
            count,
            flow.bytes_each,
            rate,
            flow.finalized_per_second(),
            rate / base,
            flow.included.percentile(50).as_secs_f64(),
            flow.included.percentile(99).as_secs_f64(),
            flow.finalized.percentile(50).as_secs_f64(),
            flow.finalized.percentile(99).as_secs_f64(),
        );
    }
    bench.decisions().await
}

/// A node and who signs.
struct Bench {
    rpc: Rpc,
    desk: Desk,
    hospital: HospitalKey,
}

impl Bench {
    /// Times decisions over many consents and over none, and a trivial call beside them.
    async fn decisions(&self) -> Result<()> {
        let patient = PatientKey::read("//bench//many")?;
        self.enrol(&patient).await?;
        for _ in 0..CONSENTS {
            let call = self.grant(&patient, &[Purpose::Treat]).await?;
            self.desk.submit(&call, &self.hospital).await?;
        }
        let ask = |purpose| Question {
            patient: patient.account(),
            custodian: self.hospital.account(),
            requester: self.hospital.account(),
            actors: Default::default(),
            purpose,
            record: Some(RecordFacts::default()),
        };
        let (_, at) = self.rpc.best().await?;
        let decision: Decision =
            self.rpc.call("ConsentApi_decide", &ask(Purpose::Treat).encode(), at).await?;
        ensure!(decision.permitted(), "the consents of the benchmark do not permit: {decision:?}");
        let trivial = self.time("AccountNonceApi_account_nonce", self.hospital.account().encode()).await?;
        let many = self.time("ConsentApi_decide", ask(Purpose::Treat).encode()).await?;
        println!("\n{:<34} {:>10} {:>10} {:>7}", "state_call", "p50", "p99", "ratio");
        for (name, times) in [("an account's nonce", &trivial), ("a decision over 100 consents", &many)] {
            let ratio = times.percentile(50).as_secs_f64() / trivial.percentile(50).as_secs_f64();
            println!(
                "{name:<34} {:>7.2} ms {:>7.2} ms {ratio:>7.2}",
                times.percentile(50).as_secs_f64() * 1e3,
                times.percentile(99).as_secs_f64() * 1e3
            );
        }
        Ok(())
    }

    async fn time(&self, function: &str, args: Vec<u8>) -> Result<Times> {
        let (_, at) = self.rpc.best().await?;
        let params = || {
            let args = format!("0x{}", hex::encode(&args));
            Ok::<_, Error>(crate::rpc::params([function.into(), args.into(), serde_json::to_value(at)?]))
        };
        let mut times = Vec::with_capacity(QUESTIONS);
        for _ in 0..QUESTIONS {
            let begun = Instant::now();
            let _: String = self.rpc.ask("state_call", params()?).await.context(|| function.to_owned())?;
            times.push(begun.elapsed());
        }
        Ok(Times::new(times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let times = Times::new((1..=200).rev().map(Duration::from_millis).collect());
        assert_eq!(times.percentile(50), Duration::from_millis(100));
        assert_eq!(times.percentile(99), Duration::from_millis(198));
        assert_eq!(times.percentile(100), Duration::from_millis(200));
        assert_eq!(Times::new(vec![Duration::from_millis(7)]).percentile(50), Duration::from_millis(7));
    }
}
