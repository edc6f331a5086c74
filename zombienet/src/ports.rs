//! Ports of loopback, held from the moment they are chosen until they are no longer needed.
//!
//! The rule is the one that `scripts/servers.sh` states, and both keep to one register: a port is taken from below those that
//! Linux gives to outgoing connections, is in use by nothing, and is held by a lock (`flock`) on the file
//! `/tmp/galen-ports-UID/PORT`, so that two programs or scripts never have the same.

use crate::error::{Context, Error, Result};
use std::{
    fs::{self, DirBuilder, File},
    net::TcpListener,
    ops::RangeInclusive,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// Where ports are taken from.
const RANGE: RangeInclusive<u16> = 20_000..=31_999;
/// So many must be left of it below the ports of outgoing connections; otherwise one that is held must do.
const ENOUGH: u16 = 1_000;

/// A port that nobody listened on when it was taken, and that is held until this is dropped.
#[derive(Debug)]
pub struct Port {
    number: u16,
    // The lock ends with it.
    _held: File,
}

impl Port {
    /// Any that is free.
    ///
    /// # Errors
    /// If the register cannot be written, or no port is free.
    pub fn free() -> Result<Self> {
        let folder = register()?;
        let range = below(outgoing());
        // Programs of the same moment begin at different places.
        let begin = usize::try_from(std::process::id()).unwrap_or(0) % range.len();
        for number in range.clone().cycle().skip(begin).take(range.len()) {
            if let Some(port) = Self::hold(&folder, number)? {
                return Ok(port);
            }
        }
        Err(Error::new(format!("no port of loopback from {} to {} is free", range.start(), range.end())))
    }

    /// `wanted` if nobody holds it or listens on it, otherwise any that is free.
    ///
    /// # Errors
    /// As [`Port::free`].
    pub fn preferably(wanted: Option<u16>) -> Result<Self> {
        match wanted {
            Some(number) => Self::hold(&register()?, number)?.map_or_else(Self::free, Ok),
            None => Self::free(),
        }
    }

    /// Its number.
    pub fn number(&self) -> u16 {
        self.number
    }

    fn hold(folder: &Path, number: u16) -> Result<Option<Self>> {
        let path = folder.join(number.to_string());
        let file = File::options().create(true).append(true).open(&path);
        let file = file.context(|| path.display().to_string())?;
        // What cannot be locked somebody else has.
        let free = file.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", number)).is_ok();
        Ok(free.then_some(Port { number, _held: file }))
    }
}

fn register() -> Result<PathBuf> {
    let folder = PathBuf::from(format!("/tmp/galen-ports-{}", rustix::process::getuid().as_raw()));
    DirBuilder::new().recursive(true).mode(0o700).create(&folder).context(|| folder.display().to_string())?;
    Ok(folder)
}

/// The lowest port that Linux gives to outgoing connections.
fn outgoing() -> u16 {
    let text = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    text.split_whitespace().next().and_then(|low| low.parse().ok()).unwrap_or(32_768)
}

fn below(outgoing: u16) -> RangeInclusive<u16> {
    let (first, last) = (*RANGE.start(), *RANGE.end());
    if outgoing > last || outgoing < first + ENOUGH { RANGE } else { first..=outgoing - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{BufRead, BufReader},
        process::{Command, Stdio},
    };

    #[test]
    fn a_port_is_handed_out_once_and_a_busy_one_never() {
        let (first, second) = (Port::free().unwrap(), Port::free().unwrap());
        assert_ne!(first.number(), second.number());
        assert!(RANGE.contains(&first.number()));
        assert_ne!(Port::preferably(Some(first.number())).unwrap().number(), first.number());

        // In a register of its own, since other tests take ports from the common one.
        let register = tempfile::tempdir().unwrap();
        let hold = || Port::hold(register.path(), first.number()).unwrap();
        let held = hold();
        assert_eq!(held.as_ref().map(Port::number), Some(first.number()));
        assert!(hold().is_none(), "it is held, though nobody listens on it");
        drop(held);
        let busy = TcpListener::bind(("127.0.0.1", first.number())).unwrap();
        assert!(hold().is_none(), "somebody listens on it");
        drop(busy);
        assert!(hold().is_some());
    }

    #[test]
    fn ports_lie_below_those_of_outgoing_connections() {
        assert_eq!(below(32_768), RANGE);
        assert_eq!(below(25_000), 20_000..=24_999);
        assert_eq!(below(1_024), RANGE);
    }

    #[test]
    fn scripts_keep_to_the_same_register() {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts");
        let take = ". ./lib.sh; . ./servers.sh; take_ports one; echo $one; read -r _ || true";
        let mut shell = Command::new("bash")
            .args(["-euc", take])
            .current_dir(scripts)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(shell.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let number: u16 = line.trim().parse().unwrap();
        assert_ne!(Port::preferably(Some(number)).unwrap().number(), number, "the script holds it");
        drop(shell.stdin.take());
        assert!(shell.wait().unwrap().success());
    }
}
