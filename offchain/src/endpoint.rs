//! Where the worker is, as the node says.

use crate::LOG;
use alloc::{string::String, vec::Vec};
use core::net::SocketAddr;
use galen_primitives::worker::{OFFCHAIN_WORKER_TOKEN, OFFCHAIN_WORKER_URL};
use sp_core::offchain::StorageKind;

// Holds the address that was refused last, so that the log says so once and not in every block.
const REFUSED: &[u8] = b"galen::worker::refused";

/// The worker's address and the node's token. Never logged.
pub struct Endpoint {
    pub(crate) url: String,
    pub(crate) authorization: String,
}

impl Endpoint {
    /// What the node wrote; `None` if there is nothing, or nothing that may be used.
    pub fn from_storage() -> Option<Self> {
        let url = read(OFFCHAIN_WORKER_URL)?;
        let token = read(OFFCHAIN_WORKER_TOKEN)?;
        match (usable_url(&url), usable_token(&token)) {
            (Some(url), Some(token)) => {
                Some(Endpoint { url: url.into(), authorization: alloc::format!("Bearer {token}") })
            }
            _ => {
                if read(REFUSED).as_ref() != Some(&url) {
                    log::error!(
                        target: LOG,
                        "the worker's address must be http on a loopback address with a port, \
                         and its token printable: nothing is handed over"
                    );
                    sp_io::offchain::local_storage_set(StorageKind::PERSISTENT, REFUSED, &url);
                }
                None
            }
        }
    }
}

fn read(key: &[u8]) -> Option<Vec<u8>> {
    sp_io::offchain::local_storage_get(StorageKind::PERSISTENT, key)
}

/// The address if it is plain HTTP to a loopback host and a port, and nothing else: no user, no path, no
/// query.
fn usable_url(url: &[u8]) -> Option<&str> {
    let url = core::str::from_utf8(url).ok()?;
    let rest = url.strip_prefix("http://")?;
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    let (loopback, port) = match authority.strip_prefix("localhost:") {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => (true, port.parse::<u16>().ok()?),
        Some(_) => return None,
        None => {
            let address = authority.parse::<SocketAddr>().ok()?;
            (address.ip().is_loopback(), address.port())
        }
    };
    (loopback && port > 0).then_some(url)
}

fn usable_token(token: &[u8]) -> Option<&str> {
    let visible = !token.is_empty() && token.iter().all(u8::is_ascii_graphic);
    core::str::from_utf8(token).ok().filter(|_| visible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_with_a_port_are_used() {
        let used = [
            "http://127.0.0.1:7070",
            "http://127.0.0.1:1/",
            "http://[::1]:7070",
            "http://localhost:65535",
            "http://127.1.2.3:80",
        ];
        for url in used {
            assert_eq!(usable_url(url.as_bytes()), Some(url));
        }
        let refused = [
            "",
            "http://",
            "127.0.0.1:7070",
            "https://127.0.0.1:7070",
            "http://127.0.0.1",
            "http://127.0.0.1:",
            "http://127.0.0.1:0",
            "http://127.0.0.1:65536",
            "http://127.0.0.1:+80",
            "http://localhost:+80",
            "http://localhost:",
            "http://[::2]:80",
            "http://[::ffff:127.0.0.1]:80",
            "http://2130706433:80",
            "http://127.0.0.1:80/path",
            "http://127.0.0.1:80//",
            "http://127.0.0.1:80@example.org",
            "http://127.0.0.1:80@example.org:80",
            "http://localhost.example.org:80",
            "http://user@127.0.0.1:80",
            "http://10.0.0.1:80",
            "http://0.0.0.0:80",
            "http://127.0.0.1:80 ",
        ];
        for url in refused {
            assert_eq!(usable_url(url.as_bytes()), None, "{url}");
        }
        assert_eq!(usable_url(b"http://127.0.0.1:\xff"), None);
    }

    #[test]
    fn a_token_is_visible_characters_only() {
        assert_eq!(usable_token(b"abc.-_~+/="), Some("abc.-_~+/="));
        for token in [b"".as_slice(), b"a b", b"a\r\nx: y", b"\xff", b"\x7f"] {
            assert_eq!(usable_token(token), None);
        }
    }
}
