//! What finalized blocks say of devices, remembered for a short while: devices stream, and seldom change.

use crate::chain::{ChainError, ChainView};
use galen_primitives::{H256, devices::Device};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A device is asked for again after this time: for so long, one that was retired or is in doubt may still be
/// believed.
const FRESH: Duration = Duration::from_secs(12);
/// As many devices are remembered; then all are forgotten.
const MOST: usize = 10_000;

/// The devices asked for, and the chain that they are of.
#[derive(Clone, Debug)]
pub struct Found {
    /// The genesis hash.
    pub genesis: H256,
    /// What is known; a device that is not in here is not registered.
    pub devices: HashMap<H256, Arc<Device>>,
}

/// When a device was looked up, on which chain, and what was found.
type Known = (Instant, H256, Arc<Device>);

/// Asks and remembers.
pub struct Devices {
    chain: Arc<dyn ChainView>,
    known: Mutex<HashMap<H256, Known>>,
}

impl Devices {
    /// Knows nothing yet.
    pub fn new(chain: Arc<dyn ChainView>) -> Self {
        Devices { chain, known: Mutex::default() }
    }

    /// Looks these up. One that is not registered is asked for every time, so that it is known as soon as it
    /// is.
    pub async fn look_up(&self, ids: &BTreeSet<H256>) -> Result<Found, ChainError> {
        if let Some(found) = self.remembered(ids) {
            return Ok(found);
        }
        let at = self.chain.finalized().await?;
        let genesis = self.chain.block_hash(0).await?;
        let genesis = genesis.ok_or_else(|| ChainError("it has no genesis block".into()))?;
        let mut devices = HashMap::new();
        for id in ids {
            if let Some(device) = self.chain.device(*id, at.hash).await? {
                devices.insert(*id, Arc::new(device));
            }
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() + devices.len() > MOST {
            known.clear();
        }
        let now = Instant::now();
        known.extend(devices.iter().map(|(id, device)| (*id, (now, genesis, device.clone()))));
        Ok(Found { genesis, devices })
    }

    /// All of them, if all are fresh and of one chain.
    fn remembered(&self, ids: &BTreeSet<H256>) -> Option<Found> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut devices = HashMap::new();
        let mut chain = None;
        for id in ids {
            let (at, genesis, device) = known.get(id)?;
            if at.elapsed() > FRESH || *chain.get_or_insert(*genesis) != *genesis {
                return None;
            }
            devices.insert(*id, device.clone());
        }
        Some(Found { genesis: chain?, devices })
    }
}
