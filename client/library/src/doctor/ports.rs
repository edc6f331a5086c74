//! Ports: the node's RPC is for this machine alone, its peers must reach it.
//!
//! What listens where is read from the kernel's tables (`/proc/net/tcp`, `/proc/net/tcp6`; proc(5)), so that nothing is probed.

use super::Finding;
use crate::chain::Chain;
use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

pub async fn examine(chain: &Chain, node: &str) -> Vec<Finding> {
    let listening = listening();
    let p2p = chain.request::<Vec<String>>("system_localListenAddresses").await;
    vec![
        rpc(node, listening.as_ref()),
        Finding::of("p2p port", p2p.map(|addresses| peers(&addresses, listening.as_ref()))),
    ]
}

/// Address and port of everything that listens; `None` where the kernel does not say.
fn listening() -> Option<BTreeSet<(IpAddr, u16)>> {
    let v4 = std::fs::read_to_string("/proc/net/tcp").ok()?;
    let v6 = std::fs::read_to_string("/proc/net/tcp6").unwrap_or_default();
    Some(v4.lines().chain(v6.lines()).filter_map(listener).collect())
}

/// A line of the table, if its socket listens: `  0: 0100007F:26F8 00000000:0000 0A ...`.
fn listener(line: &str) -> Option<(IpAddr, u16)> {
    const LISTEN: &str = "0A";
    let mut fields = line.split_whitespace().skip(1);
    let (address, port) = fields.next()?.split_once(':')?;
    if fields.nth(1)? != LISTEN {
        return None;
    }
    let bytes = hex::decode(address).ok()?;
    // Words of 32 bits in the machine's order.
    let bytes: Vec<u8> =
        bytes.chunks(4).flat_map(|word| word.iter().rev().copied().collect::<Vec<_>>()).collect();
    let address = match bytes.len() {
        4 => Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?).into(),
        16 => Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).to_canonical(),
        _ => return None,
    };
    Some((address, u16::from_str_radix(port, 16).ok()?))
}

fn rpc(node: &str, listening: Option<&BTreeSet<(IpAddr, u16)>>) -> Finding {
    const ADVICE: &str = "run the node without --rpc-external: whoever reaches this port can send to the node, and with unsafe methods \
                          can change its keys. What others may ask goes through a reverse proxy with TLS";
    let Some((host, port)) = host_and_port(node) else {
        return Finding::warn(
            "rpc port",
            format!("no host and port in {node}"),
            "give --node ws://127.0.0.1:9944",
        );
    };
    let local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if !local {
        return Finding::fail(
            "rpc port",
            format!("the node answers at {host}:{port}, which is not loopback"),
            ADVICE,
        );
    }
    let Some(listening) = listening else {
        return Finding::warn(
            "rpc port",
            "the kernel does not tell what listens",
            "see for yourself: ss -ltn",
        );
    };
    let open: Vec<String> = listening
        .iter()
        .filter(|(address, at)| *at == port && !address.is_loopback())
        .map(|(address, at)| format!("{address}:{at}"))
        .collect();
    if open.is_empty() {
        Finding::ok("rpc port", format!("port {port} on loopback only"))
    } else {
        Finding::fail("rpc port", format!("reachable from the network at {}", open.join(", ")), ADVICE)
    }
}

fn peers(addresses: &[String], listening: Option<&BTreeSet<(IpAddr, u16)>>) -> Finding {
    const ADVICE: &str = "listen where peers can reach it (--listen-addr /ip4/0.0.0.0/tcp/30333), open the port in the firewall, and \
                          name the public address (--public-addr)";
    let tcp: BTreeSet<(IpAddr, u16)> = addresses.iter().filter_map(|address| tcp_address(address)).collect();
    if tcp.is_empty() {
        return Finding::fail("p2p port", "the node listens nowhere", ADVICE);
    }
    let outside: BTreeSet<u16> =
        tcp.iter().filter(|(address, _)| !address.is_loopback()).map(|(_, port)| *port).collect();
    let ports = outside.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    if outside.is_empty() {
        return Finding::warn(
            "p2p port",
            "it listens on loopback only: no other machine can reach it",
            ADVICE,
        );
    }
    match listening {
        Some(open) if !open.iter().any(|(_, port)| outside.contains(port)) => Finding::warn(
            "p2p port",
            format!("the node says port {ports}, but nothing listens there here"),
            "run this where the node runs",
        ),
        _ => Finding::ok(
            "p2p port",
            format!("port {ports} (whether a firewall lets peers in cannot be seen from here)"),
        ),
    }
}

/// `/ip4/0.0.0.0/tcp/30333/...`
fn tcp_address(multiaddress: &str) -> Option<(IpAddr, u16)> {
    let mut parts = multiaddress.split('/').skip(1);
    let (kind, host, transport, port) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if !matches!(kind, "ip4" | "ip6") || transport != "tcp" {
        return None;
    }
    Some((host.parse().ok()?, port.parse().ok()?))
}

/// Of `ws://127.0.0.1:9944/`.
fn host_and_port(url: &str) -> Option<(String, u16)> {
    let authority = url.split_once("://")?.1.split('/').next()?;
    let (host, port) = authority.rsplit_once(':')?;
    Some((host.trim_matches(['[', ']']).to_owned(), port.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    fn table(lines: &[&str]) -> BTreeSet<(IpAddr, u16)> {
        lines.iter().filter_map(|line| listener(line)).collect()
    }

    #[test]
    fn the_kernels_table_is_read() {
        let found = table(&[
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:26D8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0",
            "   1: 00000000:767D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0",
            "   2: 0100007F:26D8 0100007F:8888 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0",
            "   3: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 1",
            "   4: 0000000000000000FFFF00000100007F:1F91 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 1",
        ]);
        let expected: [(IpAddr, u16); 4] = [
            (Ipv4Addr::LOCALHOST.into(), 9944),
            (Ipv4Addr::UNSPECIFIED.into(), 30333),
            (Ipv6Addr::LOCALHOST.into(), 8080),
            (Ipv4Addr::LOCALHOST.into(), 8081),
        ];
        assert_eq!(found, expected.into());
    }

    #[test]
    fn an_rpc_port_that_others_reach_fails() {
        let local: IpAddr = Ipv4Addr::LOCALHOST.into();
        let any: IpAddr = Ipv4Addr::UNSPECIFIED.into();
        let node = "ws://127.0.0.1:9944";
        assert_eq!(rpc(node, Some(&[(local, 9944), (any, 30333)].into())).level, Level::Ok);
        assert_eq!(rpc(node, Some(&[(any, 9944)].into())).level, Level::Fail);
        assert_eq!(
            rpc("ws://[::1]:9944/", Some(&[(Ipv6Addr::UNSPECIFIED.into(), 9944)].into())).level,
            Level::Fail
        );
        assert_eq!(rpc("ws://10.1.2.3:9944", Some(&BTreeSet::new())).level, Level::Fail);
        assert_eq!(rpc(node, None).level, Level::Warn);
    }

    #[test]
    fn peers_must_reach_the_node() {
        let open = |port| Some(BTreeSet::from([(IpAddr::from(Ipv4Addr::UNSPECIFIED), port)]));
        let addresses = |list: &[&str]| list.iter().map(|a| a.to_string()).collect::<Vec<_>>();
        let outside = addresses(&["/ip4/127.0.0.1/tcp/30333/p2p/x", "/ip4/10.0.0.2/tcp/30333/p2p/x"]);
        assert_eq!(peers(&outside, open(30333).as_ref()).level, Level::Ok);
        assert_eq!(peers(&outside, open(1).as_ref()).level, Level::Warn);
        assert_eq!(peers(&addresses(&["/ip4/127.0.0.1/tcp/30333"]), open(30333).as_ref()).level, Level::Warn);
        assert_eq!(peers(&[], open(30333).as_ref()).level, Level::Fail);
    }
}
