//! Keys that anyone has: those of the seeds that networks for development use.

use sp_core::{Pair, ed25519, sr25519};
use std::{
    collections::{BTreeMap, HashMap},
    format,
    string::String,
    vec::Vec,
};

const SEEDS: [&str; 8] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "One", "Two"];
/// Paths under them that such networks use.
const PATHS: [&str; 3] = ["", "//stash", "//worker"];

/// The seed of the first well-known key that stands anywhere in a genesis but in the code.
pub fn find(genesis: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<String> {
    let known = keys();
    genesis.iter().filter(|(key, _)| !key.starts_with(b":")).find_map(|(key, value)| {
        key.windows(32).chain(value.windows(32)).find_map(|bytes| known.get(bytes).cloned())
    })
}

fn keys() -> HashMap<Vec<u8>, String> {
    let uris = SEEDS.iter().flat_map(|seed| PATHS.iter().map(move |path| format!("//{seed}{path}")));
    uris.flat_map(|uri| {
        let sr = sr25519::Pair::from_string(&uri, None).map(|pair| pair.public().0.to_vec());
        let ed = ed25519::Pair::from_string(&uri, None).map(|pair| pair.public().0.to_vec());
        [sr, ed].into_iter().flatten().map(move |key| (key, uri.clone())).collect::<Vec<_>>()
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_well_known_key_is_found_wherever_it_stands() {
        let own = sr25519::Pair::from_string("//a seed of our own", None).unwrap().public().0.to_vec();
        assert_eq!(find(&[(b"k".to_vec(), own.clone())].into()), None);
        for uri in ["//Alice", "//Two//stash", "//Dave//worker"] {
            let sr = sr25519::Pair::from_string(uri, None).unwrap().public().0.to_vec();
            let ed = ed25519::Pair::from_string(uri, None).unwrap().public().0.to_vec();
            for key in [sr, ed] {
                let inside = [b"x".to_vec(), key.clone(), b"y".to_vec()].concat();
                assert_eq!(find(&[(b"k".to_vec(), inside.clone())].into()), Some(uri.to_owned()));
                assert_eq!(find(&[(inside.clone(), own.clone())].into()), Some(uri.to_owned()));
                assert_eq!(find(&[(b":code".to_vec(), inside)].into()), None);
            }
        }
    }
}
