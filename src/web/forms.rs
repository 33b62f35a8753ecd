//! What was typed, and what is to be said about it.

use super::components::Summary;
use super::ctx::{Ctx, Key};
use crate::error::AppError;
use crate::kernel::language::{Lang, Said};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Most that a form without files may weigh.
const FORM_LIMIT: usize = 256 * 1024;

/// The typed form of a request. Every field is text; the domain's `parse` turns it into a value.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = request
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
        let limited = web::Bytes::from_request(request, payload);
        let announced = request
            .headers()
            .get("content-length")
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<usize>().ok());
        Box::pin(async move {
            if announced.is_some_and(|length| length > FORM_LIMIT) {
                return Err(too_large());
            }
            let body = limited.await.map_err(|error| {
                if error.as_response_error().status_code() == 413 {
                    too_large()
                } else {
                    AppError::Malformed(error.to_string())
                }
            })?;
            if body.len() > FORM_LIMIT {
                return Err(too_large());
            }
            if !is_form && !body.is_empty() {
                return Err(AppError::Malformed("a form was expected".to_owned()));
            }
            note_key(&body);
            serde_html_form::from_bytes(&body)
                .map(Form)
                .map_err(|error| AppError::Malformed(error.to_string()))
        })
    }
}

fn too_large() -> AppError {
    AppError::TooLarge(Said::new(
        "That is too much for one form. Shorten the text and try again.",
    ))
}

/// Every form of ours carries `_key`; one without it is answered, but can't be recognised when it comes again.
fn note_key(body: &[u8]) {
    let key = url::form_urlencoded::parse(body).find(|(name, _)| name == "_key");
    if let Some((_, key)) = key {
        set_key(&key, || Sha256::digest(body).to_vec());
    }
}

/// Notes the one-time key of this request beside what the body says.
pub(super) fn set_key(key: &str, body_hash: impl FnOnce() -> Vec<u8>) {
    let Some(ctx) = Ctx::current() else { return };
    if let Ok(key) = Uuid::parse_str(key) {
        ctx.set_key(Key {
            key,
            body_hash: body_hash(),
        });
    }
}

/// A form that says nothing but "do it".
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Nothing {}

/// A new one-time key for a form.
pub fn new_key() -> Uuid {
    Uuid::now_v7()
}

/// What is wrong with the fields of a form, in the order of the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remarks(Vec<(&'static str, Said)>);

impl Remarks {
    /// The value, or a remark on its field.
    pub fn take<T>(&mut self, field: &'static str, parsed: Result<T, Said>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(said) => {
                self.add(field, said);
                None
            }
        }
    }

    /// A value that may be left out: empty text is none.
    pub fn take_optional<T>(
        &mut self,
        field: &'static str,
        typed: &str,
        parse: impl FnOnce(&str) -> Result<T, Said>,
    ) -> Option<T> {
        if typed.trim().is_empty() {
            None
        } else {
            self.take(field, parse(typed))
        }
    }

    /// A remark on a field.
    pub fn add(&mut self, field: &'static str, said: Said) {
        self.0.push((field, said));
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is said about a field, in the reader's language.
    pub fn on(&self, field: &str, lang: Lang) -> Option<String> {
        self.0
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, said)| lang.say(said))
    }

    /// The summary above the form. Fields and their controls share their name.
    pub fn summary(&self, lang: Lang) -> Option<Summary> {
        if self.0.is_empty() {
            return None;
        }
        Some(Summary {
            problems: self
                .0
                .iter()
                .map(|(field, said)| ((*field).to_owned(), lang.say(said)))
                .collect(),
        })
    }
}

impl From<(&'static str, Said)> for Remarks {
    fn from(remark: (&'static str, Said)) -> Self {
        Self(vec![remark])
    }
}

/// What is said to whoever saves a record that somebody else saved meanwhile.
pub fn changed_words() -> Said {
    Said::new("Somebody saved this meanwhile.")
}

/// Somebody else saved meanwhile: the handler shows the form again, with both values.
pub fn changed_meanwhile() -> AppError {
    AppError::refused(changed_words())
}

/// What somebody else saved, where it differs from what was typed.
pub fn theirs(is_conflict: bool, saved: Option<&str>, typed: &str) -> Option<String> {
    let saved = saved.unwrap_or_default();
    (is_conflict && saved != typed).then(|| {
        if saved.is_empty() {
            "–".to_owned()
        } else {
            saved.to_owned()
        }
    })
}
