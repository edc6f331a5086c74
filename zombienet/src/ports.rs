//! Free ports of loopback.

use crate::error::{Error, Result};
use std::{collections::BTreeSet, net::TcpListener, sync::Mutex};

/// Below the range from which the kernel takes the ports of outgoing connections, so that none of those takes one between
/// its being found free and its being listened on.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// What was handed out: a program gets each port once.
static TAKEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port on which nobody listens and which this process has not handed out.
pub fn free() -> Result<u16> {
    let mut taken =
        TAKEN.lock().map_err(|_| Error::new("another thread failed while it looked for a port"))?;
    // Processes of the same moment start at different places.
    let offset = u16::try_from(std::process::id() % u32::from(RANGE.end - RANGE.start)).unwrap_or(0);
    let port = RANGE
        .map(|port| RANGE.start + (port - RANGE.start + offset) % (RANGE.end - RANGE.start))
        .find(|port| !taken.contains(port) && listenable(*port));
    let port = port.ok_or_else(|| Error::new("no port of loopback between 20000 and 32000 is free"))?;
    taken.insert(port);
    Ok(port)
}

/// `wanted` if nobody listens on it, otherwise any that is free.
pub fn preferably(wanted: Option<u16>) -> Result<u16> {
    match wanted {
        Some(port) if listenable(port) => Ok(port),
        _ => free(),
    }
}

fn listenable(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_port_is_handed_out_once_and_a_busy_one_never() {
        let (first, second) = (free().unwrap(), free().unwrap());
        assert_ne!(first, second);
        let busy = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let listener = TcpListener::bind(("127.0.0.1", busy)).unwrap();
        assert_ne!(preferably(Some(busy)).unwrap(), busy);
        drop(listener);
    }
}
