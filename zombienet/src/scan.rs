//! Looks for words in everything that a chain keeps or tells: keys and values of its state, events and extrinsics of every
//! block. What identifies a person, or names a condition, must not be found.
//!
//! The runtime's code is left out: it is the same for everybody, and holds the words of the texts that patients sign.

use crate::{
    error::{Context, Error, Result},
    rpc::{Rpc, params},
};
use codec::Decode;
use galen_primitives::{BlockNumber, H256, commitment::tagged_hash};
use galen_proofs::storage_key::item;
use memchr::memmem;
use serde_json::Value;

/// Keys that are asked for at once.
const PAGE: u32 = 500;
/// The key of the runtime's code, `:code`.
const CODE: &str = "0x3a636f6465";
/// Shorter words stand in binary data by chance: they are looked for by their hashes only.
const SHORTEST: usize = 6;
/// Domain tags under which a word could have been hashed without a secret.
const TAGS: [&[u8]; 5] =
    [b"", b"galen:reference:v1", b"galen:sensitivity:v1", b"galen:label:v1", b"galen:name:v1"];

/// A word that was found, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    /// The word.
    pub word: String,
    /// In which form it stood there.
    pub form: &'static str,
    /// Where.
    pub place: String,
}

/// How much was looked through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Entries of the state.
    pub entries: u64,
    /// Blocks, each with its events and extrinsics.
    pub blocks: u32,
    /// Bytes in all.
    pub bytes: u64,
}

/// The forms in which a word could stand somewhere.
struct Needle {
    word: String,
    forms: Vec<(&'static str, Vec<u8>)>,
}

impl Needle {
    fn new(word: &str) -> Self {
        let mut forms = Vec::new();
        if word.len() >= SHORTEST {
            // Haystacks are lowered before they are looked through.
            let lower = word.to_lowercase();
            forms.push(("as text", lower.clone().into_bytes()));
            forms.push(("as UTF-16", lower.encode_utf16().flat_map(u16::to_le_bytes).collect()));
            forms.push(("as hex digits", hex::encode(word).into_bytes()));
        }
        for tag in TAGS {
            for text in [word.to_owned(), word.to_lowercase(), word.to_uppercase()] {
                let hash = tagged_hash(tag, &[text.as_bytes()]);
                forms.push(("as a hash without a secret", hash.0.to_ascii_lowercase()));
            }
        }
        Needle { word: word.to_owned(), forms }
    }
}

/// Words, and what was found of them so far.
pub struct Scan {
    needles: Vec<Needle>,
    finds: Vec<Find>,
    looked: Looked,
}

impl Scan {
    /// Looks for these words.
    pub fn new(words: &[String]) -> Self {
        let needles = words.iter().map(|word| Needle::new(word)).collect();
        Scan { needles, finds: Vec::new(), looked: Looked::default() }
    }

    /// Looks through some bytes.
    pub fn look(&mut self, place: impl Fn() -> String, bytes: &[u8]) {
        self.looked.bytes += bytes.len() as u64;
        let lowered = bytes.to_ascii_lowercase();
        for needle in &self.needles {
            for (form, pattern) in &needle.forms {
                if memmem::find(&lowered, pattern).is_some() {
                    self.finds.push(Find { word: needle.word.clone(), form, place: place() });
                }
            }
        }
    }

    /// What was found, and how much was looked through.
    pub fn end(self) -> (Vec<Find>, Looked) {
        (self.finds, self.looked)
    }
}

/// Looks through the finalized state of a node, and the events and extrinsics of all blocks up to it.
///
/// # Errors
/// If any of it cannot be read: of blocks whose state the node has dropped, events are gone.
pub async fn scan(rpc: &Rpc, words: &[String]) -> Result<(Vec<Find>, Looked)> {
    let mut scan = Scan::new(words);
    let (head, hash) = rpc.finalized().await?;
    let mut start = String::from("0x");
    loop {
        let keys: Vec<String> = rpc
            .ask(
                "state_getKeysPaged",
                params(["0x".into(), PAGE.into(), start.into(), serde_json::to_value(hash)?]),
            )
            .await?;
        let Some(last) = keys.last().cloned() else { break };
        let sets: Vec<Value> = rpc
            .ask("state_queryStorageAt", params([serde_json::to_value(&keys)?, serde_json::to_value(hash)?]))
            .await?;
        for change in sets.iter().filter_map(|set| set["changes"].as_array()).flatten() {
            let text = |index: usize| change[index].as_str().unwrap_or("0x").to_owned();
            let key = text(0);
            if key == CODE {
                continue;
            }
            scan.looked.entries += 1;
            scan.look(|| format!("the key {key}"), &bytes(&key)?);
            scan.look(|| format!("the value under {key}"), &bytes(&text(1))?);
        }
        start = last;
    }
    let events = format!("0x{}", hex::encode(item("System", "Events")));
    for number in 1..=head {
        let block = rpc.hash(number).await?.context(|| format!("no block {number}"))?;
        scan.looked.blocks += 1;
        look_at_block(rpc, &mut scan, number, block, &events).await?;
    }
    Ok(scan.end())
}

async fn look_at_block(
    rpc: &Rpc,
    scan: &mut Scan,
    number: BlockNumber,
    hash: H256,
    events: &str,
) -> Result<()> {
    let emitted: Option<String> =
        rpc.ask("state_getStorage", params([events.into(), serde_json::to_value(hash)?])).await?;
    if let Some(emitted) = emitted {
        scan.look(|| format!("the events of block {number}"), &bytes(&emitted)?);
    }
    let block: Value = rpc.ask("chain_getBlock", params([serde_json::to_value(hash)?])).await?;
    let extrinsics = block.pointer("/block/extrinsics").and_then(Value::as_array);
    for (index, extrinsic) in extrinsics.context(|| format!("no body of block {number}"))?.iter().enumerate()
    {
        let encoded = bytes(extrinsic.as_str().unwrap_or_default())?;
        let inner = Vec::<u8>::decode(&mut encoded.as_slice())?;
        scan.look(|| format!("extrinsic {index} of block {number}"), &inner);
    }
    Ok(())
}

fn bytes(text: &str) -> Result<Vec<u8>> {
    hex::decode(text.trim_start_matches("0x")).context(|| "hex digits of a node's answer")
}

/// The words of a file, one a line; empty lines and what begins with `#` are left out.
pub fn words(file: &std::path::Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(file).context(|| file.display().to_string())?;
    let words: Vec<String> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    if words.is_empty() { Err(Error::new(format!("{} names no words", file.display()))) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(word: &str, bytes: &[u8]) -> Vec<&'static str> {
        let mut scan = Scan::new(&[word.to_owned()]);
        scan.look(|| "here".into(), bytes);
        scan.end().0.iter().map(|find| find.form).collect()
    }

    #[test]
    fn a_word_is_found_in_every_form() {
        assert_eq!(found("Lindqvist", b"\x00\x01orla LINDQVIST\xff"), ["as text"]);
        assert_eq!(found("Lindqvist", hex::encode("Lindqvist").to_uppercase().as_bytes()), ["as hex digits"]);
        let wide: Vec<u8> = "Lindqvist".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(found("Lindqvist", &wide), ["as UTF-16"]);
        for tag in TAGS {
            let hashed = tagged_hash(tag, &[b"HIV"]);
            assert!(
                found("hiv", &[b"..", &hashed.0[..], b".."].concat()).contains(&"as a hash without a secret")
            );
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert!(found("Lindqvist", b"Lindqvis").is_empty());
        assert!(found("Lindqvist", &tagged_hash(b"galen:name:v1", &[&[7; 32], b"Lindqvist"]).0).is_empty());
        // Too short to be looked for as text.
        assert!(found("HIV", b"HIV").is_empty());
    }
}
