//! How a type looks in JSON: told by the type itself, so that descriptions and error messages follow from
//! declarations.

use galen_primitives::{AccountId, H256};
use serde_json::{Map, Value, json, value::RawValue};
use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
};

/// A type with a form in JSON.
pub trait Shape {
    /// Its JSON Schema (draft 7). What has a name of its own is put into `named` and referred to.
    fn schema(named: &mut Named) -> Value;

    /// Its form in a few words, as `0x and 64 hex digits`.
    fn words() -> String;
}

/// Schemas by name, of all the types that a description refers to.
#[derive(Default)]
pub struct Named(BTreeMap<String, (&'static str, Value)>);

impl Named {
    /// A reference to the schema of this name, which is made if it is not there yet.
    ///
    /// # Panics
    /// If another type has this name.
    pub fn refer<T>(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        let of = std::any::type_name::<T>();
        match self.0.get(name) {
            Some((other, _)) => assert_eq!(*other, of, "two types have one name"),
            None => {
                // First, so that a type that holds itself ends.
                self.0.insert(name.into(), (of, Value::Null));
                let made = make(self);
                self.0.insert(name.into(), (of, made));
            }
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// The schema that a reference names, or the schema itself.
    pub fn resolved(&self, schema: &Value) -> Value {
        let name = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next());
        name.and_then(|name| self.0.get(name)).map_or(schema, |(_, schema)| schema).clone()
    }

    /// All of them.
    pub fn into_schemas(self) -> Map<String, Value> {
        self.0.into_iter().map(|(name, (_, schema))| (name, schema)).collect()
    }
}

/// A member of an object.
pub struct Field {
    /// Its name in JSON.
    pub name: String,
    /// What it means.
    pub doc: String,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether its members stand in the object themselves.
    pub flat: bool,
    /// Its schema.
    pub schema: fn(&mut Named) -> Value,
    /// Its form in words.
    pub words: fn() -> String,
}

impl Field {
    /// The member for a field of a struct, declared with these lines of documentation and attributes of
    /// serde.
    pub fn of<T: Shape>(field: &str, doc: &[&str], serde: &str) -> Self {
        Field {
            name: camel(field),
            doc: paragraph(doc),
            optional: serde.contains("default"),
            flat: serde.contains("flatten"),
            schema: T::schema,
            words: T::words,
        }
    }
}

/// The schema of an object with these members and no others.
pub fn object_schema(doc: &[&str], fields: &[Field], named: &mut Named) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for field in fields {
        let mut schema = (field.schema)(named);
        if field.flat {
            let inner = named.resolved(&schema);
            properties.extend(inner["properties"].as_object().cloned().unwrap_or_default());
            required.extend(inner["required"].as_array().cloned().unwrap_or_default());
            continue;
        }
        if !field.doc.is_empty() {
            schema = described(schema, &field.doc);
        }
        properties.insert(field.name.clone(), schema);
        if !field.optional {
            required.push(field.name.clone().into());
        }
    }
    json!({
        "type": "object",
        "description": paragraph(doc),
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The members of an object in words.
pub fn object_words(fields: &[Field]) -> String {
    let one = |field: &Field| {
        let mark = if field.optional { "?" } else { "" };
        format!("{}{mark}: {}", field.name, (field.words)())
    };
    match fields {
        [] => "no parameters".into(),
        fields => format!("{{{}}}", fields.iter().map(one).collect::<Vec<_>>().join(", ")),
    }
}

/// The schema of a string that is one of these.
pub fn choice_schema(doc: &[&str], values: &[&str]) -> Value {
    json!({ "type": "string", "description": paragraph(doc), "enum": values })
}

// In draft 7 nothing beside a reference counts, so that the two stand in a list of one.
fn described(schema: Value, doc: &str) -> Value {
    match schema.get("$ref") {
        Some(_) => json!({ "description": doc, "allOf": [schema] }),
        None => {
            let mut schema = schema;
            schema["description"] = doc.into();
            schema
        }
    }
}

/// Lines of documentation as one paragraph.
pub fn paragraph(doc: &[&str]) -> String {
    doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// `snake_case` as `camelCase`, as serde writes it.
fn camel(field: &str) -> String {
    let mut parts = field.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let mut letters = part.chars();
        let initial = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &initial.into_iter().chain(letters).collect::<String>()
    })
}

/// Declares a method by its parameters: `#[method("name", by = [roles], answer = type, errors = [codes])]`.
///
/// The documentation says what the method does, that of a field what the parameter means.
macro_rules! method {
    (
        $(#[doc = $doc:literal])*
        #[method($name:literal, by = [$($role:ident),*], answer = $answer:ty, errors = [$($code:ident),*])]
        $(#[serde $serde:tt])*
        pub struct $method:ident { $(
            $(#[doc = $field_doc:literal])*
            $(#[serde $field_serde:tt])*
            pub $field:ident: $type:ty
        ),* $(,)? }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        $(#[serde $serde])*
        pub struct $method { $(
            $(#[doc = $field_doc])*
            $(#[serde $field_serde])*
            pub $field: $type
        ),* }

        impl $crate::Method for $method {
            const NAME: &'static str = $name;
            const ROLES: &'static [$crate::Role] = &[$($crate::Role::$role),*];
            const DOC: &'static [&'static str] = &[$($doc),*];
            const ERRORS: &'static [$crate::Code] = &[$($crate::Code::$code),*];
            type Answer = $answer;

            fn fields() -> Vec<$crate::shape::Field> {
                vec![$(
                    $crate::shape::Field::of::<$type>(
                        stringify!($field),
                        &[$($field_doc),*],
                        concat!($(stringify!($field_serde)),*),
                    )
                ),*]
            }
        }
    };
}

/// Declares an object of an answer or of parameters.
macro_rules! object {
    (
        $(#[doc = $doc:literal])*
        $(#[derive $derive:tt])*
        $(#[serde $serde:tt])*
        pub struct $object:ident { $(
            $(#[doc = $field_doc:literal])*
            $(#[serde $field_serde:tt])*
            pub $field:ident: $type:ty
        ),* $(,)? }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        $(#[derive $derive])*
        #[serde(rename_all = "camelCase")]
        $(#[serde $serde])*
        pub struct $object { $(
            $(#[doc = $field_doc])*
            $(#[serde $field_serde])*
            pub $field: $type
        ),* }

        impl $object {
            fn fields() -> Vec<$crate::shape::Field> {
                vec![$(
                    $crate::shape::Field::of::<$type>(
                        stringify!($field),
                        &[$($field_doc),*],
                        concat!($(stringify!($field_serde)),*),
                    )
                ),*]
            }
        }

        impl $crate::shape::Shape for $object {
            fn schema(named: &mut $crate::shape::Named) -> serde_json::Value {
                named.refer::<Self>(stringify!($object), |named| {
                    $crate::shape::object_schema(&[$($doc),*], &Self::fields(), named)
                })
            }

            fn words() -> String {
                $crate::shape::object_words(&Self::fields())
            }
        }
    };
}

/// Declares a string that is one of a few.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])*
        $(#[derive $derive:tt])*
        pub enum $choice:ident { $(
            $(#[doc = $variant_doc:literal])*
            $variant:ident = $name:literal
        ),* $(,)? }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        $(#[derive $derive])*
        pub enum $choice { $(
            $(#[doc = $variant_doc])*
            #[serde(rename = $name)]
            $variant
        ),* }

        impl $choice {
            /// Each of them.
            pub const ALL: [$choice; [$($name),*].len()] = [$($choice::$variant),*];

            /// How it is written.
            pub fn name(self) -> &'static str {
                match self {
                    $($choice::$variant => $name),*
                }
            }
        }

        impl std::fmt::Display for $choice {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $choice {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let found = Self::ALL.into_iter().find(|choice| choice.name() == text);
                found.ok_or_else(|| format!("{text:?} is not {}", <Self as $crate::shape::Shape>::words()))
            }
        }

        impl $crate::shape::Shape for $choice {
            fn schema(named: &mut $crate::shape::Named) -> serde_json::Value {
                named.refer::<Self>(stringify!($choice), |_| {
                    $crate::shape::choice_schema(&[$($doc),*], &[$($name),*])
                })
            }

            fn words() -> String {
                [$($name),*].join(" or ")
            }
        }
    };
}

pub(crate) use {choice, method, object};

impl Shape for String {
    fn schema(_: &mut Named) -> Value {
        json!({ "type": "string" })
    }

    fn words() -> String {
        "a string".into()
    }
}

impl Shape for PathBuf {
    fn schema(named: &mut Named) -> Value {
        String::schema(named)
    }

    fn words() -> String {
        "an absolute path".into()
    }
}

impl Shape for bool {
    fn schema(_: &mut Named) -> Value {
        json!({ "type": "boolean" })
    }

    fn words() -> String {
        "true or false".into()
    }
}

impl Shape for u32 {
    fn schema(_: &mut Named) -> Value {
        json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })
    }

    fn words() -> String {
        "a number".into()
    }
}

impl Shape for u64 {
    fn schema(_: &mut Named) -> Value {
        json!({ "type": "integer", "minimum": 0 })
    }

    fn words() -> String {
        "a number".into()
    }
}

/// Any JSON.
impl Shape for Value {
    fn schema(_: &mut Named) -> Value {
        json!({})
    }

    fn words() -> String {
        "JSON".into()
    }
}

/// Any JSON, its bytes kept as they came.
impl Shape for Box<RawValue> {
    fn schema(named: &mut Named) -> Value {
        Value::schema(named)
    }

    fn words() -> String {
        Value::words()
    }
}

impl Shape for H256 {
    fn schema(named: &mut Named) -> Value {
        named.refer::<Self>("Hash", |_| {
            json!({ "type": "string", "description": "32 bytes: an id, a hash, a salt.", "pattern": "^0x[0-9a-f]{64}$" })
        })
    }

    fn words() -> String {
        "0x and 64 hex digits".into()
    }
}

impl Shape for AccountId {
    fn schema(named: &mut Named) -> Value {
        named.refer::<Self>("AccountId", |_| {
            json!({
                "type": "string",
                "description": "An account, or a patient's pairwise key, as an SS58 address.",
                "pattern": "^[1-9A-HJ-NP-Za-km-z]{46,49}$",
            })
        })
    }

    fn words() -> String {
        "SS58".into()
    }
}

impl<T: Shape> Shape for Option<T> {
    fn schema(named: &mut Named) -> Value {
        json!({ "anyOf": [T::schema(named), { "type": "null" }] })
    }

    fn words() -> String {
        T::words()
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn schema(named: &mut Named) -> Value {
        json!({ "type": "array", "items": T::schema(named) })
    }

    fn words() -> String {
        format!("a list of {}", T::words())
    }
}

impl<T: Shape> Shape for HashMap<String, T> {
    fn schema(named: &mut Named) -> Value {
        json!({ "type": "object", "additionalProperties": T::schema(named) })
    }

    fn words() -> String {
        format!("an object of {}", T::words())
    }
}

/// From one number to before another.
impl Shape for (u64, u64) {
    fn schema(named: &mut Named) -> Value {
        json!({ "type": "array", "items": u64::schema(named), "minItems": 2, "maxItems": 2 })
    }

    fn words() -> String {
        "two numbers".into()
    }
}
