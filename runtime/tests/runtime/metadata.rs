//! What metadata shows wallets of Galen's own pallets.

use frame_metadata::RuntimeMetadata;
use galen_runtime::Runtime;
use std::{collections::BTreeSet, path::Path};

/// The pallets that have a folder, by the runtime's names of them.
fn own_pallets() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pallets");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            name[..1].to_uppercase() + &name[1..]
        })
        .collect()
}

#[test]
fn calls_events_errors_storage_and_constants_are_explained() {
    // Some constants are read from storage.
    let metadata = sp_io::TestExternalities::default().execute_with(Runtime::metadata);
    let RuntimeMetadata::V14(metadata) = metadata.1 else {
        panic!("metadata of another version");
    };
    let own = own_pallets();
    let (mut seen, mut bare) = (BTreeSet::new(), Vec::new());
    for pallet in metadata.pallets.into_iter().filter(|pallet| own.contains(&pallet.name)) {
        let mut explained = |what: String, docs: &[String]| {
            if docs.iter().all(|line| line.trim().is_empty()) {
                bare.push(format!("{} {what}", pallet.name));
            }
        };
        for entry in pallet.storage.iter().flat_map(|storage| &storage.entries) {
            explained(format!("storage {}", entry.name), &entry.docs);
        }
        for constant in &pallet.constants {
            explained(format!("constant {}", constant.name), &constant.docs);
        }
        let enums = [
            ("call", pallet.calls.as_ref().map(|calls| calls.ty.id)),
            ("event", pallet.event.as_ref().map(|event| event.ty.id)),
            ("error", pallet.error.as_ref().map(|error| error.ty.id)),
        ];
        for (kind, id) in enums {
            let of_enum = metadata.types.resolve(id.unwrap()).unwrap();
            let scale_info::TypeDef::Variant(of_enum) = &of_enum.type_def else { panic!("no enum") };
            for variant in &of_enum.variants {
                explained(format!("{kind} {}", variant.name), &variant.docs);
                // A call explains its parameters in its own comment.
                for field in variant.fields.iter().filter(|_| kind == "event") {
                    explained(
                        format!("{kind} {}.{}", variant.name, field.name.as_ref().unwrap()),
                        &field.docs,
                    );
                }
            }
        }
        seen.insert(pallet.name);
    }
    assert_eq!(seen, own, "every pallet with a folder is in the runtime");
    assert!(bare.is_empty(), "without a comment: {bare:#?}");
}
