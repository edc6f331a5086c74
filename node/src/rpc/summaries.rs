//! `summaries_`: jobs, and following them until they are settled.

use super::{
    answer::Answer,
    errors::Error,
    methods::{Methods, Registered, list, value},
    reader::found,
    subscriptions::{self, End, Names, Sink, Source},
};
use galen_primitives::{
    H256,
    api::SummariesApi,
    summary::{Job, JobStatus},
};
use galen_rpc_params::Args;
use serde::Serialize;
use std::collections::BTreeMap;

/// At most so many jobs are followed by one subscription.
const MAX_FOLLOWED: usize = 64;

#[derive(Clone, Serialize)]
struct Change {
    id: H256,
    job: Job,
    /// How many of the subscription's jobs are still open.
    open: usize,
}

/// Registers the namespace.
pub fn register(methods: &mut Methods) -> Registered {
    value(methods, "summaries_job", &["id"], |api, at, args| found("job", api.job(at, args.get("id")?)?))?;
    list(methods, "summaries_openJobs", &["hospital"], |api, at, args| {
        Ok(api.open_jobs(at, args.get("hospital")?)?)
    })?;
    value(methods, "summaries_check", &["id"], |api, at, args| {
        found("job", api.check(at, args.get("id")?)?)
    })?;
    let names = Names {
        subscribe: "summaries_subscribeJobs",
        notification: "summaries_jobChanged",
        unsubscribe: "summaries_unsubscribeJobs",
    };
    subscriptions::register(methods, names, &["jobs"], open, run)
}

/// Jobs yet to be settled, as last told.
type Following = BTreeMap<H256, Option<Job>>;

async fn open(args: Args, source: Source) -> Result<Following, Error> {
    let jobs: Vec<H256> = args.get("jobs")?;
    if jobs.is_empty() || jobs.len() > MAX_FOLLOWED {
        return Err(Error::Params(format!("parameter `jobs`: from 1 to {MAX_FOLLOWED} ids")));
    }
    let following: Following = jobs.into_iter().map(|id| (id, None)).collect();
    // Whoever follows a job that is not there would wait for good.
    read(&following, &source).await?;
    Ok(following)
}

async fn run(mut following: Following, source: Source, mut sink: Sink) -> End {
    loop {
        if let Err(end) = tell(&mut following, &source, &sink).await {
            return end;
        }
        if following.is_empty() {
            return End::Quiet;
        }
        if let Err(end) = sink.moved().await {
            return end;
        }
    }
}

async fn read(following: &Following, source: &Source) -> Result<Answer<Vec<(H256, Job)>>, Error> {
    let ids: Vec<H256> = following.keys().copied().collect();
    source
        .ask(move |api, at| ids.into_iter().map(|id| Ok((id, found("job", api.job(at, id)?)?))).collect())
        .await
}

// Tells the jobs that have changed; forgets those that are settled.
async fn tell(following: &mut Following, source: &Source, sink: &Sink) -> Result<(), End> {
    let Answer { block, value: jobs } = read(following, source).await?;
    for (id, job) in jobs {
        if following.get(&id).is_some_and(|told| told.as_ref() == Some(&job)) {
            continue;
        }
        if job.status == JobStatus::Open {
            following.insert(id, Some(job.clone()));
        } else {
            following.remove(&id);
        }
        sink.send(block, Change { id, job, open: following.len() }).await?;
    }
    Ok(())
}
