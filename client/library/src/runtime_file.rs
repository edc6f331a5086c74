//! What a runtime says about itself without being run: the custom sections of its wasm.
//!
//! Source: the WebAssembly binary format (sections), and how sp-version and sc-executor write and read `runtime_version` and
//! `runtime_apis`.

use crate::Error;
use codec::Decode;
use galen_primitives::H256;
use sp_version::RuntimeVersion;
use std::path::Path;

/// A runtime is never larger than this when it is unpacked.
const MAX_BYTES: usize = 50 * 1024 * 1024;
/// Version 1 of the binary format.
const HEADER: [u8; 8] = *b"\0asm\x01\0\0\0";

/// A runtime as it would be put on chain.
#[derive(Clone, Debug)]
pub struct Runtime {
    /// The bytes, as they were given: packed or not.
    pub code: Vec<u8>,
    /// BLAKE2b-256 of them: what the council authorises.
    pub hash: H256,
    /// Its version.
    pub version: RuntimeVersion,
}

impl Runtime {
    /// Reads a file that holds a runtime, packed (`.compact.compressed.wasm`) or not.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let code = std::fs::read(path)
            .map_err(|why| Error::Input(format!("cannot read {}: {why}", path.display())))?;
        Runtime::new(code).map_err(|why| Error::Input(format!("{}: {why}", path.display())))
    }

    /// Looks into a runtime.
    pub fn new(code: Vec<u8>) -> Result<Self, Error> {
        let unpacked = sp_maybe_compressed_blob::decompress(&code, MAX_BYTES)
            .map_err(|_| Error::Input("not a runtime: it cannot be unpacked".into()))?;
        let version = version(&unpacked)?;
        let hash = H256(sp_crypto_hashing::blake2_256(&code));
        Ok(Runtime { hash, version, code })
    }
}

fn version(wasm: &[u8]) -> Result<RuntimeVersion, Error> {
    let none = || Error::Input("not a runtime: it does not say its version".into());
    let apis = match section(wasm, "runtime_apis")? {
        None => Vec::new(),
        Some(bytes) => bytes
            .chunks_exact(12)
            .map(|mut chunk| <([u8; 8], u32)>::decode(&mut chunk))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| none())?,
    };
    // The version section has no list of APIs; the one beside it tells how the rest of it is to be read.
    let core = sp_version::core_version_from_apis(&apis.into());
    let mut section = section(wasm, "runtime_version")?.ok_or_else(none)?;
    RuntimeVersion::decode_with_version_hint(&mut section, core).map_err(|_| none())
}

/// The contents of a custom section.
fn section<'a>(wasm: &'a [u8], name: &str) -> Result<Option<&'a [u8]>, Error> {
    const CUSTOM: u8 = 0;
    let cut = || Error::Input("not a runtime: its wasm is cut short".into());
    let mut rest = wasm
        .strip_prefix(HEADER.as_slice())
        .ok_or_else(|| Error::Input("not a runtime: it is no WebAssembly module".into()))?;
    while let Some((id, after)) = rest.split_first() {
        let (size, after) = leb128(after).ok_or_else(cut)?;
        let (mut body, next) = after.split_at_checked(size).ok_or_else(cut)?;
        if *id == CUSTOM {
            let (length, after) = leb128(body).ok_or_else(cut)?;
            let (found, contents) = after.split_at_checked(length).ok_or_else(cut)?;
            body = contents;
            if found == name.as_bytes() {
                return Ok(Some(body));
            }
        }
        rest = next;
    }
    Ok(None)
}

/// An unsigned number of at most 32 bits, seven bits in a byte, the lowest first.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0u64;
    for (position, byte) in bytes.iter().enumerate().take(5) {
        value |= u64::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            let value = u32::try_from(value).ok()?;
            return Some((usize::try_from(value).ok()?, &bytes[position + 1..]));
        }
    }
    None
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use codec::Encode;

    fn custom(name: &str, contents: &[u8]) -> Vec<u8> {
        let body = [vec![name.len() as u8], name.as_bytes().to_vec(), contents.to_vec()].concat();
        assert!(body.len() < 0x4000);
        [vec![0, (body.len() & 0x7f) as u8 | 0x80, (body.len() >> 7) as u8], body].concat()
    }

    /// A module that is nothing but its version.
    pub fn module(spec_version: u32, system_version: u8) -> Vec<u8> {
        let version = RuntimeVersion {
            spec_name: "galen".into(),
            impl_name: "galen".into(),
            authoring_version: 1,
            spec_version,
            impl_version: 1,
            apis: Default::default(),
            transaction_version: 1,
            system_version,
        };
        let core = (sp_crypto_hashing::blake2_64(b"Core"), 5u32).encode();
        let parts =
            [HEADER.to_vec(), custom("runtime_apis", &core), custom("runtime_version", &version.encode())];
        parts.concat()
    }

    #[test]
    fn a_runtime_says_its_version() {
        let code = module(7, 1);
        let runtime = Runtime::new(code.clone()).unwrap();
        assert_eq!((runtime.version.spec_version, runtime.version.system_version), (7, 1));
        assert_eq!(runtime.version.spec_name, "galen");
        assert_eq!(runtime.hash.as_bytes(), sp_crypto_hashing::blake2_256(&code));
        let packed = sp_maybe_compressed_blob::compress_strongly(&code, MAX_BYTES).unwrap();
        let packed = Runtime::new(packed).unwrap();
        assert_eq!(packed.version.spec_version, 7);
        assert_ne!(packed.hash, runtime.hash);
    }

    #[test]
    fn what_is_no_runtime_is_refused() {
        for bytes in [&b""[..], b"\0asm", b"hello", &HEADER, &module(7, 1)[..40]] {
            assert!(Runtime::new(bytes.to_vec()).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn numbers_of_seven_bits_a_byte() {
        assert_eq!(leb128(&[0x00, 9]), Some((0, &[9u8][..])));
        assert_eq!(leb128(&[0xe5, 0x8e, 0x26]), Some((624_485, &[][..])));
        assert_eq!(leb128(&[0xff, 0xff, 0xff, 0xff, 0x0f]), Some((u32::MAX as usize, &[][..])));
        for bad in [&[][..], &[0x80], &[0xff; 5], &[0x80, 0x80, 0x80, 0x80, 0x80, 0x00]] {
            assert_eq!(leb128(bad), None);
        }
    }
}
