//! The ports that the node listens at: free before anything else starts, and held until it listens there.
//!
//! The libraries below say little when a port is taken. The RPC server takes another one, the network runs
//! without being reachable or shares the port with the other node, metrics are not served. So the node looks
//! first, and does not start.
//!
//! A socket that is bound to a port without listening holds it: what is to listen there can be bound beside
//! it, and the system gives the port to nobody else. In this way 0 becomes a port that is known before the
//! node starts.

use sc_network::{Multiaddr, multiaddr::Protocol};
use sc_service::Configuration;
use socket2::{Domain, Socket, Type};
use std::{
    fmt,
    io::{self, ErrorKind, Write},
    net::{IpAddr, SocketAddr, UdpSocket},
};

/// A node cannot listen where it was told; says why, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub struct PortError(String);

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What listens at a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Listener {
    Peers,
    Metrics,
    Rpc,
}

impl Listener {
    /// The option that says at which port.
    fn option(self) -> &'static str {
        match self {
            Listener::Peers => "--port",
            Listener::Metrics => "--prometheus-port",
            Listener::Rpc => "--rpc-port",
        }
    }
}

/// A port that is held.
struct Held {
    listener: Listener,
    address: SocketAddr,
    _socket: Socket,
}

/// Holds the ports of a node as long as it lives.
#[derive(Default)]
pub struct Ports(Vec<Held>);

impl Ports {
    /// Takes all ports that `config` names, and writes into it those that it leaves open with port 0.
    pub fn take(config: &mut Configuration) -> Result<Self, PortError> {
        let mut ports = Self::default();
        for endpoint in config.rpc.addr.iter_mut().flatten() {
            let wanted = endpoint.listen_addr;
            let held = ports.hold(Listener::Rpc, wanted);
            endpoint.listen_addr = match held {
                Err(_) if endpoint.retry_random_port => {
                    ports.hold(Listener::Rpc, SocketAddr::new(wanted.ip(), 0))?
                }
                held => held?,
            };
        }
        for address in &mut config.network.listen_addresses {
            *address = ports.hold_multiaddr(address)?;
        }
        if let Some(metrics) = &mut config.prometheus_config {
            metrics.port = ports.hold(Listener::Metrics, metrics.port)?;
        }
        Ok(ports)
    }

    /// Tells on standard output where the node listens, a line a port, for programs to read. The line of the
    /// RPC is the last.
    pub fn announce(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        for line in self.lines() {
            writeln!(out, "galen-node: {line}")?;
        }
        out.flush()
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for listener in [Listener::Peers, Listener::Metrics, Listener::Rpc] {
            let mut told = Vec::new();
            let of_listener =
                || self.0.iter().filter(|held| held.listener == listener).map(|held| held.address);
            // A port of both versions of IP is told of once.
            for address in of_listener().filter(SocketAddr::is_ipv4).chain(of_listener()) {
                if told.contains(&address.port()) {
                    continue;
                }
                told.push(address.port());
                lines.push(match listener {
                    Listener::Peers => format!("peers on tcp://{address}"),
                    Listener::Metrics => format!("metrics on http://{address}/metrics"),
                    Listener::Rpc => format!("listening on ws://{address}"),
                });
            }
        }
        lines
    }

    /// Holds an address and returns it, with the port that was found if its port was 0.
    fn hold(&mut self, listener: Listener, wanted: SocketAddr) -> Result<SocketAddr, PortError> {
        let both_versions = self.0.iter().rev().find(|held| {
            held.listener == listener && held.address.is_ipv4() != wanted.is_ipv4() && wanted.port() == 0
        });
        if let Some(port) = both_versions.map(|held| held.address.port())
            && let Ok(held) = self.hold_exactly(listener, SocketAddr::new(wanted.ip(), port))
        {
            return Ok(held);
        }
        self.hold_exactly(listener, wanted)
    }

    fn hold_exactly(&mut self, listener: Listener, wanted: SocketAddr) -> Result<SocketAddr, PortError> {
        if let Some(other) = self.0.iter().find(|held| overlap(held.address, wanted)) {
            return Err(PortError(format!(
                "{} {}: {} has this port already; give each a port of its own",
                listener.option(),
                wanted.port(),
                other.listener.option()
            )));
        }
        match bind(wanted) {
            Ok((socket, address)) => {
                self.0.push(Held { listener, address, _socket: socket });
                Ok(address)
            }
            // A machine without IPv6 listens at its other addresses.
            Err(error)
                if wanted.is_ipv6()
                    && !matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) =>
            {
                Ok(wanted)
            }
            Err(error) => Err(unavailable(listener, wanted, &error, "-tanp")),
        }
    }

    /// Holds the TCP port of a multiaddress. A UDP port cannot be held, but must be free; other addresses are
    /// left alone.
    fn hold_multiaddr(&mut self, address: &Multiaddr) -> Result<Multiaddr, PortError> {
        let mut parts = address.iter();
        let ip: IpAddr = match parts.next() {
            Some(Protocol::Ip4(ip)) => ip.into(),
            Some(Protocol::Ip6(ip)) => ip.into(),
            _ => return Ok(address.clone()),
        };
        match parts.next() {
            Some(Protocol::Tcp(port)) => {
                let held = self.hold(Listener::Peers, SocketAddr::new(ip, port))?;
                let with_port = |part| match part {
                    Protocol::Tcp(_) => Protocol::Tcp(held.port()),
                    other => other,
                };
                Ok(address.iter().map(with_port).collect())
            }
            Some(Protocol::Udp(port)) => match UdpSocket::bind((ip, port)) {
                Err(error) if error.kind() == ErrorKind::AddrInUse => {
                    Err(unavailable(Listener::Peers, SocketAddr::new(ip, port), &error, "-uanp"))
                }
                _ => Ok(address.clone()),
            },
            _ => Ok(address.clone()),
        }
    }
}

/// Whether who listens at the one address stands in the way of who listens at the other.
fn overlap(one: SocketAddr, other: SocketAddr) -> bool {
    one.port() == other.port()
        && one.is_ipv4() == other.is_ipv4()
        && (one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified())
}

/// Binds a socket that does not listen. Fails if somebody listens at the address, or has it for a connection.
fn bind(address: SocketAddr) -> io::Result<(Socket, SocketAddr)> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // What listens later sets it too: that lets both be bound, and connections of an earlier run be
    // forgotten.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    let bound = socket.local_addr()?.as_socket().ok_or(ErrorKind::AddrNotAvailable)?;
    Ok((socket, bound))
}

fn unavailable(listener: Listener, address: SocketAddr, error: &io::Error, ss: &str) -> PortError {
    let (option, port) = (listener.option(), address.port());
    PortError(match error.kind() {
        ErrorKind::AddrInUse => format!(
            "{option} {port}: another program has {address}. `ss {ss} 'sport = :{port}'` says which (to \
             root, also of other users'). End it, or give another port: {option} 0 takes one that is free"
        ),
        _ => format!("{option} {port}: cannot listen at {address}: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn any() -> SocketAddr {
        "127.0.0.1:0".parse().unwrap()
    }

    #[test]
    fn what_is_held_can_be_listened_at() {
        let mut ports = Ports::default();
        let address = ports.hold(Listener::Rpc, any()).unwrap();
        assert_ne!(address.port(), 0);
        // The standard library sets the same option as the node's servers do.
        let listener = TcpListener::bind(address).unwrap();
        assert_eq!(listener.local_addr().unwrap(), address);
    }

    #[test]
    fn what_is_held_is_given_to_nobody_else() {
        let mut ports = Ports::default();
        let held = ports.hold(Listener::Rpc, any()).unwrap();
        for _ in 0..2_000 {
            assert_ne!(TcpListener::bind(any()).unwrap().local_addr().unwrap(), held);
        }
    }

    #[test]
    fn a_taken_port_is_named_with_who_to_look_for() {
        let listener = TcpListener::bind(any()).unwrap();
        let address = listener.local_addr().unwrap();
        for (kind, option) in [
            (Listener::Rpc, "--rpc-port"),
            (Listener::Peers, "--port"),
            (Listener::Metrics, "--prometheus-port"),
        ] {
            let PortError(error) = Ports::default().hold(kind, address).unwrap_err();
            for part in [option, &address.to_string(), &format!("ss -tanp 'sport = :{}'", address.port())] {
                assert!(error.contains(part), "{part} is missing from: {error}");
            }
        }
    }

    #[test]
    fn a_port_is_given_once() {
        let mut ports = Ports::default();
        let address = ports.hold(Listener::Rpc, any()).unwrap();
        for other in [address, SocketAddr::new([0, 0, 0, 0].into(), address.port())] {
            let PortError(error) = ports.hold(Listener::Metrics, other).unwrap_err();
            assert!(error.contains("--rpc-port has this port already"), "{error}");
        }
    }

    #[test]
    fn multiaddresses_keep_all_but_their_port() {
        let mut ports = Ports::default();
        let websocket: Multiaddr = "/ip4/127.0.0.1/tcp/0/ws".parse().unwrap();
        let held = ports.hold_multiaddr(&websocket).unwrap().to_string();
        let port = ports.0[0].address.port();
        assert_eq!(held, format!("/ip4/127.0.0.1/tcp/{port}/ws"));
        for other in ["/dns/galen.example/tcp/0", "/memory/7", "/ip4/127.0.0.1/udp/0/webrtc-direct"] {
            let other: Multiaddr = other.parse().unwrap();
            assert_eq!(ports.hold_multiaddr(&other).unwrap(), other);
        }
    }

    #[test]
    fn a_taken_udp_port_is_named_too() {
        let socket = UdpSocket::bind(any()).unwrap();
        let port = socket.local_addr().unwrap().port();
        let address: Multiaddr = format!("/ip4/127.0.0.1/udp/{port}/webrtc-direct").parse().unwrap();
        let PortError(error) = Ports::default().hold_multiaddr(&address).unwrap_err();
        assert!(error.contains(&format!("ss -uanp 'sport = :{port}'")), "{error}");
    }

    #[test]
    fn lines_end_with_the_rpc_and_tell_of_a_port_once() {
        let mut ports = Ports::default();
        let rpc = ports.hold(Listener::Rpc, any()).unwrap();
        ports.hold(Listener::Rpc, "[::1]:0".parse().unwrap()).unwrap();
        let metrics = ports.hold(Listener::Metrics, any()).unwrap();
        let peers = ports.hold(Listener::Peers, "0.0.0.0:0".parse().unwrap()).unwrap();
        let expected = [
            format!("peers on tcp://{peers}"),
            format!("metrics on http://{metrics}/metrics"),
            format!("listening on ws://{rpc}"),
        ];
        assert_eq!(ports.lines(), expected);
    }
}
