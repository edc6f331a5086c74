//! The protocol as documents: an OpenRPC description, and the tables of docs/worker.md.

use crate::{
    Code, METHODS, Role,
    shape::{Named, paragraph},
};
use serde_json::{Map, Value, json};

/// The OpenRPC document.
pub fn openrpc() -> Value {
    let mut named = Named::default();
    let methods: Vec<Value> = METHODS
        .iter()
        .map(|method| {
            let params = method.params(&mut named);
            let required = params["required"].as_array().cloned().unwrap_or_default();
            let params: Vec<Value> = (method.fields)()
                .into_iter()
                .map(|field| {
                    json!({
                        "name": field.name,
                        "description": field.doc,
                        "required": required.contains(&field.name.clone().into()),
                        "schema": (field.schema)(&mut named),
                    })
                })
                .collect();
            let (summary, more) = summary(method.doc);
            let mut described = json!({
                "name": method.name,
                "summary": summary,
                "x-roles": method.roles.iter().map(|role| role.name()).collect::<Vec<_>>(),
                "paramStructure": "either",
                "params": params,
                "result": { "name": "answer", "schema": (method.answer)(&mut named) },
                "errors": method.errors.iter().chain(&Code::ALWAYS).map(refer).collect::<Vec<_>>(),
            });
            if !more.is_empty() {
                described["description"] = more.into();
            }
            described
        })
        .collect();
    let errors: Map<String, Value> = Code::ALL
        .iter()
        .map(|code| (code.name().to_owned(), json!({ "code": code.number(), "message": code.meaning() })))
        .collect();
    json!({
        "openrpc": "1.3.2",
        "info": {
            "title": "Galen's worker",
            "version": "1",
            "license": { "name": "Apache-2.0" },
            "description": "What galen-worker answers to who has one of its tokens; `x-roles` says whose. docs/worker.md is \
                            the guide. This file is made from the declarations in ai-worker/api.",
        },
        "methods": methods,
        "components": { "schemas": named.into_schemas(), "errors": errors },
    })
}

fn refer(code: &Code) -> Value {
    json!({ "$ref": format!("#/components/errors/{}", code.name()) })
}

/// The first sentence, and the rest.
fn summary(doc: &[&str]) -> (String, String) {
    let doc = paragraph(doc);
    match doc.split_once(". ") {
        Some((first, rest)) => (format!("{first}."), rest.to_owned()),
        None => (doc, String::new()),
    }
}

/// The methods as a table in Markdown.
pub fn method_table() -> String {
    let mut table =
        String::from("| method | role | parameters | answer | what it does |\n|---|---|---|---|---|\n");
    for method in &METHODS {
        let mut named = Named::default();
        let roles: Vec<&str> = method.roles.iter().map(|role| role.name()).collect();
        let roles = if roles.len() == Role::ALL.len() { "all".into() } else { roles.join(", ") };
        let params: Vec<String> = (method.fields)()
            .iter()
            .map(|field| format!("`{}{}`", field.name, if field.optional { "?" } else { "" }))
            .collect();
        let answer = (method.answer)(&mut named);
        table += &format!(
            "| `{}` | {roles} | {} | {} | {} |\n",
            method.name,
            params.join(", "),
            form(&answer, &named),
            summary(method.doc).0.replace('|', "\\|"),
        );
    }
    table
}

/// The errors as a table in Markdown.
pub fn error_table() -> String {
    let mut table = String::from("| code | name | meaning |\n|---|---|---|\n");
    for code in Code::ALL {
        table += &format!("| {} | {} | {} |\n", code.number(), code.name(), code.meaning());
    }
    table
}

/// The form of an answer in one line: the members of an object, the strings of a choice.
fn form(schema: &Value, named: &Named) -> String {
    let schema = named.resolved(schema);
    if let Some(ways) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        return ways.iter().map(|way| form(way, named)).collect::<Vec<_>>().join(" or ");
    }
    if let Some(strings) = schema["enum"].as_array() {
        return strings.iter().map(|string| format!("`{string}`")).collect::<Vec<_>>().join(" or ");
    }
    if let Some(resource) = schema["properties"]["resourceType"]["const"].as_str() {
        return format!("a FHIR {resource}");
    }
    if let Some(properties) = schema["properties"].as_object() {
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut members: Vec<String> = required.map(str::to_owned).collect();
        let optional = properties.keys().filter(|name| !members.contains(name));
        let mut optional: Vec<String> = optional.map(|name| format!("{name}?")).collect();
        optional.sort();
        members.extend(optional);
        return format!("`{{{}}}`", members.join(", "));
    }
    match schema["type"].as_str() {
        Some("string") if schema["pattern"].as_str().is_some_and(|form| form.starts_with("^0x")) => {
            "`0x…`".into()
        }
        Some("string") => "a string".into(),
        Some("null") => "`null`".into(),
        Some(other) => other.into(),
        None => "JSON".into(),
    }
}
