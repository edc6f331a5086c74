//! Runs tests, two at a time if told so, and prints what came of them as a table.

use super::{ALL, Held, Lab, Test};
use crate::{
    ensure,
    error::{Context, Error, Result},
    programs::Programs,
    spec::Specs,
};
use futures::stream::{FuturesUnordered, StreamExt};
use std::{path::Path, rc::Rc, time::Duration};
use tokio::{sync::Semaphore, time::Instant};

/// No test takes longer than this, whatever it waits for.
const LIMIT: Duration = Duration::from_secs(12 * 60);
/// How much of each log is shown of a test that failed.
const TAIL: usize = 12;

/// What to run, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Names of tests; all, if none are given.
    pub names: Vec<String>,
    /// How many at a time.
    pub jobs: usize,
    /// Whether the folders of tests that hold are kept as well.
    pub keep: bool,
}

struct Outcome {
    name: &'static str,
    took: Duration,
    held: Result<Held>,
}

/// Runs tests. Returns whether all hold.
pub async fn run(programs: &Programs, options: &Options) -> Result<bool> {
    let mut chosen: Vec<&Test> = Vec::new();
    for name in &options.names {
        let test = ALL.iter().find(|test| test.name == name);
        chosen.push(test.context(|| format!("no test {name}: galen-network test --list names them"))?);
    }
    if chosen.is_empty() {
        chosen.extend(ALL);
    }
    ensure!(options.jobs > 0, "no test runs 0 at a time");
    let start = Instant::now();
    let folder = tempfile::Builder::new().prefix("galen-network-").tempdir()?.keep();
    let specs = Rc::new(Specs::new(&programs.node, &folder));
    let permits = Semaphore::new(options.jobs);
    // First come, first served: a test that runs alone waits for those before it and holds back those after it.
    let mut running: FuturesUnordered<_> =
        chosen.iter().map(|test| one(programs, specs.clone(), test, &folder, &permits, options)).collect();
    let mut outcomes = Vec::new();
    while let Some(outcome) = running.next().await {
        outcomes.push(outcome);
    }
    outcomes.sort_by_key(|outcome| chosen.iter().position(|test| test.name == outcome.name));
    table(&outcomes, start.elapsed());
    let held = outcomes.iter().all(|outcome| outcome.held.is_ok());
    if held && !options.keep {
        std::fs::remove_dir_all(&folder).context(|| folder.display().to_string())?;
    } else {
        eprintln!("Specs, databases and logs are kept in {}.", folder.display());
    }
    Ok(held)
}

async fn one(
    programs: &Programs,
    specs: Rc<Specs>,
    test: &'static Test,
    folder: &Path,
    permits: &Semaphore,
    options: &Options,
) -> Outcome {
    let share = if test.alone { options.jobs } else { 1 };
    let _permit = permits.acquire_many(u32::try_from(share).unwrap_or(1)).await;
    let start = Instant::now();
    eprintln!("{} ...", test.name);
    let folder = folder.join(test.name);
    let held = match std::fs::create_dir_all(&folder) {
        Ok(()) => {
            let mut lab = Lab::new(programs.clone(), specs, folder.clone());
            let held = match tokio::time::timeout(LIMIT, (test.run)(&mut lab)).await {
                Ok(held) => held,
                Err(_) => Err(Error::new(format!("it was not over after {} s", LIMIT.as_secs()))),
            };
            // A node that did not stop when asked is a failure too, but never hides another one.
            let stopped = lab.stop().await;
            let held = held.and_then(|held| stopped.map(|()| held));
            if held.is_err() {
                eprint!("{} FAILED; the ends of its logs:\n{}", test.name, lab.tails(TAIL));
            }
            held
        }
        Err(why) => Err(why.into()),
    };
    let took = start.elapsed();
    match &held {
        Ok(held) => eprintln!("{} holds ({} s): {}", test.name, took.as_secs(), held.seen),
        Err(why) => eprintln!("{} FAILED ({} s): {why}", test.name, took.as_secs()),
    }
    if held.is_ok() && !options.keep {
        // Databases of tests that hold are of no use, and there are many.
        let _ = std::fs::remove_dir_all(&folder);
    }
    Outcome { name: test.name, took, held }
}

fn table(outcomes: &[Outcome], took: Duration) {
    println!("{:<20} {:<7} {:>8}  {:>9}  what was seen", "test", "result", "seconds", "recovery");
    for Outcome { name, took, held } in outcomes {
        let (result, recovery, seen) = match held {
            Ok(held) => {
                let recovery =
                    held.recovery.map_or(String::from("-"), |time| format!("{:.1} s", time.as_secs_f32()));
                ("holds", recovery, held.seen.clone())
            }
            Err(why) => {
                ("FAILED", String::from("-"), why.to_string().lines().next().unwrap_or_default().to_owned())
            }
        };
        println!("{name:<20} {result:<7} {:>8}  {recovery:>9}  {seen}", took.as_secs());
    }
    let failed = outcomes.iter().filter(|outcome| outcome.held.is_err()).count();
    println!("{} tests, {failed} failed, {} s", outcomes.len(), took.as_secs());
}
