//! Where the node listens: where it was told or nowhere, and where it says.

use super::{Node, eventually, get, has_database, node, text};
use std::net::{TcpListener, UdpSocket};

/// An address that somebody has: whoever holds the listener.
fn taken() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

#[test]
fn a_taken_port_is_named_before_anything_starts() {
    for option in ["--rpc-port", "--port", "--prometheus-port"] {
        let folder = tempfile::tempdir().unwrap();
        let (listener, port) = taken();
        let mut arguments =
            vec!["--dev".to_owned(), "--base-path".into(), folder.path().display().to_string()];
        for other in ["--rpc-port", "--port", "--prometheus-port"] {
            arguments.extend([other.into(), if other == option { port } else { 0 }.to_string()]);
        }
        let refused = node(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let error = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{error}");
        for part in [
            format!("{option} {port}: another program has "),
            format!("`ss -tanp 'sport = :{port}'`"),
            "free".into(),
        ] {
            assert!(error.contains(&part), "{part} is missing from: {error}");
        }
        assert!(!has_database(folder.path()), "{option}");
        drop(listener);
    }
}

#[test]
fn a_taken_port_of_ipv6_is_refused_too() {
    let Ok(listener) = TcpListener::bind("[::1]:0") else {
        eprintln!("skipped: this machine has no IPv6");
        return;
    };
    let port = listener.local_addr().unwrap().port().to_string();
    let refused = node(&["--dev", "--rpc-port", &port, "--port", "0", "--no-prometheus"]);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains(&format!("another program has [::1]:{port}")));
}

#[test]
fn a_taken_udp_port_is_refused_too() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    let address = format!("/ip4/127.0.0.1/udp/{port}/webrtc-direct");
    let refused = node(&["--dev", "--rpc-port", "0", "--no-prometheus", "--listen-addr", &address]);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains(&format!("`ss -uanp 'sport = :{port}'`")));
}

#[test]
fn one_port_for_two_things_is_refused() {
    let (listener, port) = taken();
    drop(listener);
    let port = port.to_string();
    let refused = node(&["--dev", "--rpc-port", &port, "--prometheus-port", &port, "--port", "0"]);
    assert!(!refused.status.success());
    let error = text(&refused.stderr);
    assert!(
        error.contains("--prometheus-port") && error.contains("--rpc-port has this port already"),
        "{error}"
    );
}

#[test]
fn port_0_takes_free_ports_and_says_which() {
    let mut node = Node::start(&["--rpc-port", "0", "--port", "0", "--prometheus-port", "0"]);
    let peers = node.told("galen-node: peers on tcp://0.0.0.0:");
    let metrics = node.told("galen-node: metrics on http://");
    let rpc = node.told("galen-node: listening on ws://");

    // Once it is told, the RPC answers.
    assert!(get(&rpc, "/health").starts_with("HTTP/1.1 200"));
    let metrics = metrics.strip_suffix("/metrics").unwrap();
    let found = eventually(|| {
        let answer = get(metrics, "/metrics");
        answer.contains("substrate_build_info").then_some(answer)
    });
    assert!(found.starts_with("HTTP/1.1 200"));
    TcpListener::bind(format!("0.0.0.0:{peers}")).expect_err("the network listens there");
    assert!(node.stop().success(), "{}", node.log());
}

#[test]
fn a_port_is_free_again_as_soon_as_the_node_has_stopped() {
    let mut first = Node::start(&["--rpc-port", "0", "--port", "0", "--no-prometheus"]);
    let peers = first.told("galen-node: peers on tcp://0.0.0.0:");
    let rpc = first.told("galen-node: listening on ws://127.0.0.1:");
    assert!(get(&format!("127.0.0.1:{rpc}"), "/health").starts_with("HTTP/1.1 200"));
    assert!(first.stop().success());

    let mut second = Node::start(&["--rpc-port", &rpc, "--port", &peers, "--no-prometheus"]);
    assert_eq!(second.told("galen-node: peers on tcp://0.0.0.0:"), peers);
    assert_eq!(second.told("galen-node: listening on ws://127.0.0.1:"), rpc);
    assert!(second.stop().success());
}
