//! What a method is.

use crate::{
    Code, METHODS, Role,
    shape::{Field, Named, Shape, object_schema, object_words},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// A method, by its parameters. Declared by `method!`.
pub trait Method: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its name.
    const NAME: &'static str;
    /// Who may call it.
    const ROLES: &'static [Role];
    /// What it does; the first sentence says it by itself.
    const DOC: &'static [&'static str];
    /// With what it may fail, beside [`Code::ALWAYS`].
    const ERRORS: &'static [Code];
    /// What it answers.
    type Answer: Shape + Serialize + DeserializeOwned + Clone + Send + Sync + 'static;

    /// Its parameters, in the order in which they may be given by position.
    fn fields() -> Vec<Field>;

    /// What it expects, for whom it got something else.
    fn expects() -> String {
        format!("{} expects {}", Self::NAME, object_words(&Self::fields()))
    }
}

/// What is said of a method where its type does not matter.
pub struct Declared {
    /// Its name.
    pub name: &'static str,
    /// Who may call it.
    pub roles: &'static [Role],
    /// What it does.
    pub doc: &'static [&'static str],
    /// With what it may fail, beside [`Code::ALWAYS`].
    pub errors: &'static [Code],
    /// Its parameters.
    pub fields: fn() -> Vec<Field>,
    /// The schema of its answer.
    pub answer: fn(&mut Named) -> Value,
}

impl Declared {
    /// What is said of this method.
    pub const fn of<M: Method>() -> Self {
        Declared {
            name: M::NAME,
            roles: M::ROLES,
            doc: M::DOC,
            errors: M::ERRORS,
            fields: M::fields,
            answer: M::Answer::schema,
        }
    }

    /// Whether a credential of this role may call it.
    pub fn allows(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// The schema of its parameters, as one object.
    pub fn params(&self, named: &mut Named) -> Value {
        object_schema(self.doc, &(self.fields)(), named)
    }
}

/// The method of this name.
pub fn find(name: &str) -> Option<&'static Declared> {
    METHODS.iter().find(|method| method.name == name)
}
