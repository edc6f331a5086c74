//! Reading a file that anybody may have written.

use super::{
    super::{Bundle, MAX_FILE},
    chain::*,
};

fn text() -> String {
    String::from_utf8(bundle(job_subject()).to_bytes().unwrap()).unwrap()
}

#[test]
fn what_is_written_is_read() {
    for bundle in [
        bundle(record_subject()),
        bundle(job_subject()),
        bundle(entry_subject(3)),
        bundle(leaf_subject(3)),
        checkpoint_bundle(),
    ] {
        assert_eq!(Bundle::parse(&bundle.to_bytes().unwrap()).unwrap(), bundle);
    }
    let path = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(path.path(), text()).unwrap();
    assert_eq!(Bundle::read(path.path()).unwrap(), bundle(job_subject()));
}

#[test]
fn what_is_not_understood_is_refused() {
    let text = text();
    for (from, to) in [
        ("galen-proof/1", "galen-proof/2"),
        ("\"changes\"", "\"more\":1,\"changes\""),
        ("\"changes\"", "\"exchanges\""),
        ("\"start\":{\"genesis\"", "\"start\":{\"elsewhere\""),
        ("\"subject\":{\"job\":{", "\"subject\":{\"job\":{\"more\":1,"),
        ("\"subject\":{\"job\"", "\"subject\":{\"rumour\""),
        ("\"header\":\"0x", "\"header\":\""),
        ("\"header\":\"0x", "\"header\":\"0xf"),
        ("\"header\":\"0x", "\"header\":\"0xzz"),
        ("\"header\":", "\"header\":\"0x00\",\"header\":"),
    ] {
        assert!(text.contains(from), "{from}");
        assert!(Bundle::parse(text.replacen(from, to, 1).as_bytes()).is_err(), "{to}");
    }
    assert!(Bundle::parse(format!("{text}x").as_bytes()).is_err());
    assert!(Bundle::parse(&text.as_bytes()[..text.len() - 3]).is_err());
    assert!(Bundle::parse(b"").is_err());
}

#[test]
fn bombs_are_refused() {
    let deep = "[".repeat(1_000_000);
    assert!(Bundle::parse(deep.as_bytes()).is_err());
    let subject = text().replacen("\"subject\":{\"job\":", &format!("\"subject\":{{\"job\":{deep}"), 1);
    assert!(Bundle::parse(subject.as_bytes()).is_err());
    let numbers = text().replacen("\"changes\":[", &format!("\"changes\":[1{}", "0".repeat(100_000)), 1);
    assert!(Bundle::parse(numbers.as_bytes()).is_err());

    let big = tempfile::NamedTempFile::new().unwrap();
    big.as_file().set_len(MAX_FILE + 1).unwrap();
    assert!(Bundle::read(big.path()).unwrap_err().to_string().contains("larger than 64 MiB"));
}
