//! `galen device`: a hospital's devices, and what they measured.

mod simulate;

use super::{Context, account, file_hash, hash, listed};
use galen_client::{Error, calls, chain::Chain, device::DeviceSecret, keys::HospitalKey, readings};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    api::MAX_PAGE,
    devices::{Device, DeviceKey, possession_payload},
    reports::LogBatch,
};
use galen_proofs::reading::ReadingProof;
use serde_json::{Value, json};
use sp_core::H512;
use std::path::{Path, PathBuf};

/// Devices and their readings.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Register a device with its key; prints its id.
    Register {
        /// Its id; a new random one, if none is given.
        #[arg(long, value_parser = hash)]
        device: Option<H256>,
        /// A file that says what device this is (make, model, firmware, serial number); its hash goes on chain, the file stays.
        #[arg(long)]
        card: PathBuf,
        #[command(flatten)]
        proven: ProvenKey,
        /// The hospital's key: a file or a development seed.
        #[arg(long)]
        key: String,
    },
    /// Give a device another key.
    RotateKey {
        /// The device's id.
        #[arg(value_parser = hash)]
        device: H256,
        #[command(flatten)]
        proven: ProvenKey,
        /// The hospital's key.
        #[arg(long)]
        key: String,
    },
    /// The bytes that a device's key signs to be registered, in hex: for keys that never leave their device.
    Challenge {
        /// The device's id.
        #[arg(value_parser = hash)]
        device: H256,
        /// Its public key: ed25519:0x… or p256:0x….
        #[arg(long)]
        public: DeviceKey,
        /// The hospital that will register it.
        #[arg(long, value_parser = account)]
        hospital: AccountId,
    },
    /// Retire a device, for good.
    Retire {
        /// The device's id.
        #[arg(value_parser = hash)]
        device: H256,
        /// The hospital's key.
        #[arg(long)]
        key: String,
    },
    /// Say that nothing a device signed from a block on can be relied upon. Never taken back.
    Suspect {
        /// The device's id.
        #[arg(value_parser = hash)]
        device: H256,
        /// The block.
        #[arg(long)]
        from: BlockNumber,
        /// The hospital's key.
        #[arg(long)]
        key: String,
    },
    /// Show a device.
    Show {
        /// Its id.
        #[arg(value_parser = hash)]
        device: H256,
    },
    /// List a hospital's devices, retired ones included.
    List {
        /// The hospital.
        #[arg(value_parser = account)]
        hospital: AccountId,
    },
    /// How far a hospital has anchored its readings, and its latest batches.
    Batches {
        /// The hospital.
        #[arg(value_parser = account)]
        hospital: AccountId,
        /// How many batches.
        #[arg(long, default_value_t = 10)]
        limit: u32,
    },
    /// Hand readings over that devices have signed: a file with a JSON array of them.
    Send {
        /// The file.
        file: PathBuf,
        /// The patient's key with this hospital.
        #[arg(long, value_parser = account)]
        patient: AccountId,
    },
    /// Make up vital signs and sign them as a device would: for testers.
    Simulate(simulate::Simulate),
    /// What the worker refused, and why (operator).
    Refused {
        /// From this number on.
        #[arg(long, default_value_t = 0)]
        from: u64,
    },
    /// Prove a reading: prints a file for `verify-reading`. It holds the reading itself.
    Proof {
        /// Its record, as `send` printed it.
        #[arg(value_parser = hash)]
        record: H256,
    },
    /// Check a reading's proof: commitment, batch, device, key; the exit status tells whether all hold.
    VerifyReading {
        /// The file that `proof` printed, with --output json.
        file: PathBuf,
    },
}

/// A device's key and what shows that the device has it.
#[derive(clap::Args)]
#[group(required = true, multiple = true)]
pub struct ProvenKey {
    /// The device's secret key: a file or a development seed, with p256: before it for that curve.
    #[arg(long, conflicts_with_all = ["public", "proof"])]
    device_key: Option<String>,
    /// The device's public key, where the secret one stays in the device.
    #[arg(long, requires = "proof")]
    public: Option<DeviceKey>,
    /// The device's signature over what `galen device challenge` prints.
    #[arg(long, requires = "public")]
    proof: Option<H512>,
}

impl ProvenKey {
    fn read(&self, chain: &Chain, hospital: &AccountId, device: &H256) -> Result<(DeviceKey, H512), Error> {
        if let (Some(public), Some(proof)) = (self.public, self.proof) {
            let payload = possession_payload(&chain.genesis(), hospital, device, &public);
            return match public.verifies(&payload, &proof) {
                true => Ok((public, proof)),
                false => Err(Error::Input(
                    "--proof is not that key's signature over what `galen device challenge` prints for this device, \
                     hospital and chain"
                        .into(),
                )),
            };
        }
        let spec = self.device_key.as_deref().unwrap_or_default();
        let secret = DeviceSecret::read(spec)?;
        Ok((secret.public(), secret.possession(&chain.genesis(), hospital, device)))
    }
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::Register { device, card, proven, key } => {
            register(context, device, &card, &proven, &key).await
        }
        Command::RotateKey { device, proven, key } => rotate_key(context, device, &proven, &key).await,
        Command::Challenge { device, public, hospital } => {
            challenge(context, device, public, &hospital).await
        }
        Command::Retire { device, key } => retire(context, device, &key).await,
        Command::Suspect { device, from, key } => suspect(context, device, from, &key).await,
        Command::Show { device } => show(context, device).await,
        Command::List { hospital } => list(context, &hospital).await,
        Command::Batches { hospital, limit } => batches(context, &hospital, limit).await,
        Command::Send { file, patient } => send(context, &file, &patient).await,
        Command::Simulate(simulate) => simulate::run(context, simulate).await,
        Command::Refused { from } => answered(context, context.worker()?.refused_readings(from).await?),
        Command::Proof { record } => answered(context, context.worker()?.reading_proof(record).await?),
        Command::VerifyReading { file } => verify(context, &file).await,
    }
}

async fn register(
    context: &Context,
    device: Option<H256>,
    card: &Path,
    proven: &ProvenKey,
    key: &str,
) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let device = device.map_or_else(random, Ok)?;
    let (public, proof) = proven.read(&chain, &HospitalKey::read(key)?.account(), &device)?;
    let card = file_hash(b"galen:device-card:v1", card)?;
    let call = calls::register_device(device, &public, card, &proof);
    let at = context.submit(&chain, &call, key).await?.block;
    context.out.answer(
        &json!({ "device": device, "key": public, "card": card, "block": at }),
        format!("registered device {device:?} with key {public} in block {at:?}"),
    );
    Ok(true)
}

async fn rotate_key(context: &Context, device: H256, proven: &ProvenKey, key: &str) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (public, proof) = proven.read(&chain, &HospitalKey::read(key)?.account(), &device)?;
    let call = calls::rotate_device_key(device, &public, &proof);
    let at = context.submit(&chain, &call, key).await?.block;
    context.out.answer(
        &json!({ "device": device, "key": public, "block": at }),
        format!("{device:?} has key {public} since block {at:?}"),
    );
    Ok(true)
}

async fn challenge(
    context: &Context,
    device: H256,
    public: DeviceKey,
    hospital: &AccountId,
) -> Result<bool, Error> {
    let genesis = context.chain().await?.genesis();
    let bytes = hex::encode(possession_payload(&genesis, hospital, &device, &public));
    context.out.answer(&json!({ "sign": format!("0x{bytes}") }), format!("0x{bytes}"));
    Ok(true)
}

async fn retire(context: &Context, device: H256, key: &str) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let at = context.submit(&chain, &calls::retire_device(device), key).await?.block;
    context
        .out
        .answer(&json!({ "device": device, "block": at }), format!("retired {device:?} in block {at:?}"));
    Ok(true)
}

async fn suspect(context: &Context, device: H256, from: BlockNumber, key: &str) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let at = context.submit(&chain, &calls::mark_device_suspect(device, from), key).await?.block;
    context.out.answer(
        &json!({ "device": device, "from": from, "block": at }),
        format!("{device:?} is suspect from block {from} on"),
    );
    Ok(true)
}

async fn show(context: &Context, device: H256) -> Result<bool, Error> {
    let Some(found) = context.chain().await?.device(device, None).await? else {
        return Err(Error::Input(format!("{device:?} is not registered in finalized state")));
    };
    context.out.answer(&json!(found), describe(&device, &found));
    Ok(true)
}

/// Prints what the worker answered, as it is.
fn answered(context: &Context, answer: Value) -> Result<bool, Error> {
    context.out.answer(&answer, serde_json::to_string_pretty(&answer).unwrap_or_default());
    Ok(true)
}

/// A random id.
fn random() -> Result<H256, Error> {
    let mut id = [0; 32];
    getrandom::fill(&mut id)
        .map_err(|_| Error::Key("the operating system gives no random numbers".into()))?;
    Ok(H256(id))
}

/// Hands readings over, and says what became of them; whether all were taken.
async fn send(context: &Context, file: &Path, patient: &AccountId) -> Result<bool, Error> {
    let text = std::fs::read_to_string(file)
        .map_err(|why| Error::Input(format!("cannot read {}: {why}", file.display())))?;
    let readings: Vec<Value> = serde_json::from_str(&text)
        .map_err(|why| Error::Input(format!("{} is no array of readings: {why}", file.display())))?;
    let answer = context.worker()?.submit_readings(patient, &readings).await?;
    let (taken, refused) = (answer["taken"].as_u64().unwrap_or(0), answer["refused"].as_u64().unwrap_or(0));
    context.out.answer(&answer, format!("{taken} readings taken, {refused} refused"));
    Ok(refused == 0)
}

fn describe(id: &H256, device: &Device) -> String {
    let state = match (device.suspect_from, device.retired_at, device.key()) {
        (Some(from), ..) => format!("suspect from block {from} on"),
        (None, Some(at), _) => format!("retired in block {at}"),
        (None, None, Some(key)) => format!("{key}"),
        (None, None, None) => "without a key".into(),
    };
    format!("{id:?}  {state}")
}

async fn list(context: &Context, hospital: &AccountId) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, _) = chain.finalized().await?;
    let (mut devices, mut after) = (Vec::new(), None);
    loop {
        let page = chain.devices(hospital, after, MAX_PAGE, Some(head)).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        devices.extend(page);
    }
    let text: Vec<_> = devices.iter().map(|(id, device)| describe(id, device)).collect();
    let value: Vec<_> = devices.iter().map(|(id, device)| json!({ "id": id, "device": device })).collect();
    context.out.answer(&json!({ "at": head, "devices": value }), text.join("\n"));
    Ok(true)
}

async fn batches(context: &Context, hospital: &AccountId, limit: u32) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, _) = chain.finalized().await?;
    let site = chain.reading_site(hospital, Some(head)).await?;
    let from = site.batches.saturating_sub(limit.into());
    let batches = chain.reading_batches(hospital, from, limit, Some(head)).await?;
    let mut text =
        vec![format!("{} readings in {} batches, {} refused", site.next, site.batches, site.refused)];
    text.extend(batches.iter().map(|anchored| {
        let batch = &anchored.batch;
        format!(
            "{:>6}  block {:<7} readings {} to {}, {} refused, root {:?}",
            batch.index,
            anchored.block,
            batch.first,
            batch.end().unwrap_or(batch.first),
            batch.refused,
            batch.root
        )
    }));
    context.out.answer(&json!({ "at": head, "site": site, "batches": batches }), text.join("\n"));
    Ok(true)
}

async fn verify(context: &Context, file: &Path) -> Result<bool, Error> {
    let text = std::fs::read_to_string(file)
        .map_err(|why| Error::Input(format!("cannot read {}: {why}", file.display())))?;
    let proof: ReadingProof = serde_json::from_str(&text).map_err(|why| {
        Error::Input(format!(
            "{} is no proof of a reading (galen --output json device proof): {why}",
            file.display()
        ))
    })?;
    let found = readings::verify(&context.chain().await?, &proof).await?;
    let verdict = if found.verified { "verified" } else { "NOT verified" };
    let text = format!("{}{verdict}", listed(&found.checks));
    context.out.answer(&json!(found), text);
    Ok(found.verified)
}
