//! The document that a summary is kept as; its canonical form is what the receipt's `output` commits to.

use super::summariser::{Made, Model};
use galen_primitives::{H256, summary::Job};
use serde_json::{Value, json};

/// On what the use that a summary is of rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The consent version that permits it.
    pub consent: Option<u32>,
    /// The access of an emergency that is open.
    pub access: Option<H256>,
}

/// The engine's facts and narrative, and beside them what they are of, who made them and how far they may be
/// trusted.
///
/// `meta.security` carries the HL7 label AIAST (v3-ObservationValue: asserted by an artificial intelligence);
/// `status` stays `preliminary` until a clinician signs it off, which happens on the chain and not in here.
pub fn document(id: &H256, job: &Job, ground: Ground, model: &Model, made: &Made) -> Value {
    let mut document = json!({
        "type": "galen-summary",
        "version": 1,
        "status": "preliminary",
        "meta": { "security": [{
            "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
            "code": "AIAST",
            "display": "Artificial Intelligence asserted",
        }]},
        "job": id,
        "record": job.record,
        "purpose": job.purpose,
        "consent": ground.consent,
        "access": ground.access,
        "device": model,
    });
    if let (Some(members), Value::Object(summary)) = (document.as_object_mut(), &made.summary) {
        for (name, value) in summary {
            // What the model says can never pass for what the worker says about it.
            members.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use galen_primitives::{AccountId, consent::Purpose, summary::JobStatus};

    #[test]
    fn facts_stand_beside_their_provenance_and_cannot_replace_it() {
        let hash = |byte| H256([byte; 32]);
        let job = Job {
            record: hash(1),
            model: hash(2),
            purpose: Purpose::Treat,
            hospital: AccountId::new([3; 32]),
            worker_key: hash(4),
            consent: Some(0),
            access: None,
            requested_at: 1,
            deadline: 2,
            status: JobStatus::Open,
        };
        let model = Model {
            name: "m".into(),
            model: hash(2),
            template: hash(5),
            parameters: hash(6),
            engine: hash(7),
            engine_build: "b".into(),
        };
        let made = Made {
            summary: json!({ "problems": [{ "quote": "asthma" }], "status": "final", "meta": null }),
            unsupported: 0,
            prompt_tokens: 0,
            output_tokens: 0,
            millis: 0,
        };
        let ground = Ground { consent: Some(3), access: Some(hash(9)) };
        let document = document(&hash(8), &job, ground, &model, &made);
        assert_eq!(document["problems"][0]["quote"], "asthma");
        assert_eq!((&document["status"], &document["consent"]), (&json!("preliminary"), &json!(3)));
        assert_eq!(document["access"], json!(hash(9)));
        assert_eq!(document["meta"]["security"][0]["code"], "AIAST");
        assert_eq!((&document["job"], &document["record"]), (&json!(hash(8)), &json!(hash(1))));
    }
}
