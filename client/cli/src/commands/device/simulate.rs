//! `galen device simulate`: a device that is none.

use crate::commands::{Context, account, hash};
use galen_client::{Error, device::DeviceSecret, simulated::observation};
use galen_primitives::{AccountId, H256};
use galen_proofs::reading::SignedReading;
use serde_json::json;
use std::{
    path::PathBuf,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// So many readings are handed over in one call.
const MOST: u32 = 1_000;

/// Make up vital signs and sign them as a device would.
#[derive(clap::Args)]
pub struct Simulate {
    /// The device's id.
    #[arg(long, value_parser = hash)]
    device: H256,
    /// The device's secret key: a file or a development seed, with p256: before it for that curve.
    #[arg(long)]
    device_key: String,
    /// How many readings.
    #[arg(long, default_value_t = 60)]
    count: u32,
    /// Readings per second; 0 for as fast as can be.
    #[arg(long, default_value_t = 1)]
    rate: u32,
    /// The patient's key with this hospital.
    #[arg(long, value_parser = account, required_unless_present = "out")]
    patient: Option<AccountId>,
    /// Write them to a file for `galen device send` instead of handing them over.
    #[arg(long)]
    out: Option<PathBuf>,
}

pub async fn run(context: &Context, asked: Simulate) -> Result<bool, Error> {
    eprintln!("SIMULATED: these readings are made up and say so (HTEST); no device measured anything");
    let secret = DeviceSecret::read(&asked.device_key)?;
    let genesis = context.chain().await?.genesis();
    // Above that of every earlier run.
    let mut sequence = now_millis() * 1_000;
    let per_call = match (&asked.out, asked.rate) {
        (Some(_), _) => asked.count,
        (None, 0) => MOST,
        (None, rate) => rate.min(MOST),
    };
    let (mut left, mut taken, mut refused) = (asked.count, 0, 0);
    while left > 0 {
        let readings: Vec<SignedReading> = (0..left.min(per_call))
            .map(|_| {
                sequence += 1;
                let at = now_millis();
                secret.sign_reading(
                    &genesis,
                    asked.device,
                    sequence,
                    at,
                    observation(&asked.device, sequence, at),
                )
            })
            .collect::<Result<_, _>>()?;
        left -= readings.len() as u32;
        if let Some(file) = &asked.out {
            std::fs::write(file, json!(readings).to_string())
                .map_err(|why| Error::Input(format!("cannot write {}: {why}", file.display())))?;
            continue;
        }
        let readings: Vec<_> = readings.iter().map(|reading| json!(reading)).collect();
        let patient = asked.patient.as_ref().ok_or_else(|| Error::Input("give --patient".into()))?;
        let answer = context.worker()?.submit_readings(patient, &readings).await?;
        taken += answer["taken"].as_u64().unwrap_or(0);
        refused += answer["refused"].as_u64().unwrap_or(0);
        if asked.rate > 0 && left > 0 {
            tokio::time::sleep(Duration::from_millis(1_000 * u64::from(per_call) / u64::from(asked.rate)))
                .await;
        }
    }
    match &asked.out {
        Some(file) => context.out.answer(
            &json!({ "written": asked.count, "simulated": true }),
            format!("wrote {} SIMULATED readings to {}", asked.count, file.display()),
        ),
        None => context.out.answer(
            &json!({ "taken": taken, "refused": refused, "simulated": true }),
            format!("{taken} SIMULATED readings taken, {refused} refused"),
        ),
    }
    Ok(refused == 0)
}

fn now_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
