//! A summary made at one hospital is verified at another.

use super::{
    Held, Lab,
    consent::grant,
    setup::{FOUR, desk, hospitals},
};
use crate::{
    cli::galen,
    council, ensure,
    error::{Context, Error, Result},
    hospital::Hospital,
    network::model,
    node::Peering,
    spec::Genesis,
    submit::Call,
    topology::Topology,
    wait::{eventually, seconds},
};
use codec::Encode;
use galen_client::{
    calls,
    keys::PatientKey,
    worker::{Document, Worker},
};
use galen_primitives::{
    H256,
    commitment::tagged_hash,
    consent::Purpose,
    model::ModelTerms,
    records::{RecordAttributes, RecordFacts},
    summary::{Job, JobStatus},
};
use tokio::time::Instant;

const NOTE: &str = "# Diagnoses\nType 2 diabetes mellitus; essential hypertension.\n\n\
                    # Medications\nmetformin 500 mg oral tablet\n\n# Allergies\npenicillin\n";

pub async fn across(lab: &mut Lab) -> Result<Held> {
    let network = lab.prepare(&Topology::find("four-hospitals")?, Genesis::of(&FOUR), Peering::Open).await?;
    network.add_worker("alice").await?;
    let network = lab.finalizing().await?;
    network.start_workers().await?;
    let alice = Hospital::of("alice");
    let at_alice = desk(network, "alice").await?;
    let beside_alice = network.worker("alice").context(|| "alice has no worker")?;
    let (url, token) = (beside_alice.url(), |name: &str| beside_alice.token(name));
    let worker = Worker::new(&url, &token("app"))?;
    let patient = PatientKey::read("//Patient")?;

    // The model is registered by one hospital and approved by three of four.
    let terms = ModelTerms {
        hash: tagged_hash(b"", &[&std::fs::read(model()?)?]),
        name: bounded("galen-extract-v1")?,
        parent: None,
        licence: bounded("Apache-2.0")?,
        card: H256([9; 32]),
    };
    at_alice.submit(&calls::register_model(&terms), &alice.key()).await?;
    let approve = Call::new("Federated", "approve_model", (terms.hash,));
    council::decide(&at_alice, &approve, &hospitals(&["alice", "bob", "charlie"])).await?;

    let stored = worker.put(&patient.account(), &Document::Text(NOTE.into())).await?;
    at_alice.submit(&calls::enrol(&patient.account()), &alice.key()).await?;
    let attributes = RecordAttributes { patient: patient.account(), facts: RecordFacts::default() };
    at_alice.submit(&calls::anchor(stored.record, &attributes), &alice.key()).await?;
    grant(network, &at_alice, &patient, &alice, &alice, &[Purpose::Treat]).await?;

    let asked = Instant::now();
    let request = calls::request(stored.record, terms.hash, Purpose::Treat);
    let job: H256 = at_alice.submit(&request, &alice.key()).await?.event("Summaries.Requested")?;
    let bob = network.node("bob").rpc();
    eventually("the receipt to be final at bob", seconds(180), || async {
        let (_, head) = bob.finalized().await?;
        let job: Option<Job> = bob.call("SummariesApi_job", &job.encode(), head).await?;
        match job.map(|job| job.status) {
            None | Some(JobStatus::Open) => Ok(None),
            Some(JobStatus::Done { .. }) => Ok(Some(true)),
            // Nothing more will come of it.
            Some(_) => Ok(Some(false)),
        }
    })
    .await?
    .then_some(())
    .context(|| "the job ended without a summary")?;
    let took = asked.elapsed();

    // The real command, at another hospital's node, with the summary that a clinician was shown.
    let (job, bob) = (format!("{job:?}"), bob.url());
    let clinician = token("clinician").display().to_string();
    let reading = [
        "--worker",
        &url,
        "--token-file",
        &clinician,
        "--node",
        bob,
        "summary",
        "get",
        &job,
        "--purpose",
        "TREAT",
    ];
    let mut summary = galen(network.programs(), &reading).await?;
    let file = network.folder().join("summary.json");
    let path = file.display().to_string();
    std::fs::write(&file, summary.to_string())?;
    let verify = ["--node", bob, "verify", &job, "--summary", &path];
    let found = galen(network.programs(), &verify).await?;
    ensure!(found["verified"] == true, "bob does not verify alice's receipt: {found}");
    summary["summary"]["narrative"] = serde_json::json!([]);
    std::fs::write(&file, summary.to_string())?;
    ensure!(galen(network.programs(), &verify).await.is_err(), "a changed summary was verified");
    let block = &found["block"];
    Ok(Held::seen(format!(
        "receipt in block {block}, final at bob after {} s and verified there",
        took.as_secs()
    )))
}

fn bounded<T: TryFrom<Vec<u8>>>(text: &str) -> Result<T> {
    text.as_bytes().to_vec().try_into().map_err(|_| Error::new(format!("{text} is too long")))
}
