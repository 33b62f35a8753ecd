//! Forms with a file: read piece by piece, small ones in memory, large ones in a temporary file, never more than the settings allow.

use super::State;
use super::forms::{Form, set_key};
use crate::error::AppError;
use crate::kernel::language::Said;
use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use futures_util::{StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fmt::Display;
use std::io::{Read, Seek, SeekFrom, Write};
use tempfile::SpooledTempFile;

/// Files up to this size stay in memory, in bytes.
const IN_MEMORY: usize = 512 * 1024;
/// Most that the text fields of such a form may weigh together, in bytes.
const TEXT_LIMIT: usize = 64 * 1024;
/// Most parts of such a form.
const MOST_PARTS: usize = 100;
/// How much too large a body is still read to its end, so that the browser gets our answer instead of a broken connection.
const PATIENCE: u64 = 4;

/// A typed form with at most one file, in the field `file`.
pub struct Upload<T> {
    /// The text fields.
    pub form: T,
    /// The file; `None` when nobody chose one.
    pub file: Option<Received>,
}

/// A file as it came. Nothing of what the sender says about it is trusted.
pub struct Received {
    /// The sender's name for it, without folders.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// The limit, in bytes, if the file is over it; then there is no content.
    over: Option<u64>,
    content: SpooledTempFile,
}

impl Received {
    /// The bytes, from their beginning.
    ///
    /// # Errors
    /// A sentence for the sender when the file is over the limit or empty.
    pub fn content(&mut self) -> Result<&mut (impl Read + use<>), Said> {
        if let Some(limit) = self.over {
            return Err(Said::new("{name} is {size}. The limit is {limit}.")
                .with("name", &self.name)
                .with("size", size(self.bytes))
                .with("limit", size(limit)));
        }
        if self.bytes == 0 {
            return Err(Said::new("{name} is empty.").with("name", &self.name));
        }
        self.content.seek(SeekFrom::Start(0)).map_err(|_| {
            Said::new("{name} can't be read. Send it again.").with("name", &self.name)
        })?;
        Ok(&mut self.content)
    }
}

/// A size in words: `14 MB`, `812 KB`.
pub fn size(bytes: u64) -> String {
    const KB: u64 = 1_000;
    const MB: u64 = 1_000_000;
    if bytes >= MB {
        let tenths = (bytes * 10 + MB / 2) / MB;
        if tenths.is_multiple_of(10) {
            format!("{} MB", tenths / 10)
        } else {
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    } else {
        format!("{} KB", bytes.div_ceil(KB))
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Upload<T> {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if is_plain(request) {
            // The same form without its file, as a program would send it.
            let form = Form::<T>::from_request(request, payload);
            return Box::pin(async move {
                let Form(form) = form.await?;
                Ok(Self { form, file: None })
            });
        }
        let multipart = Multipart::from_request(request, payload);
        let limit = request
            .app_data::<web::Data<State>>()
            .map_or(0, |state| state.config.upload_limit as u64);
        Box::pin(async move {
            let mut multipart = multipart.await.map_err(|error| malformed(&error))?;
            let (mut pairs, mut file, mut weight) = (Vec::new(), None, 0);
            let mut parts = 0;
            while let Some(mut field) = multipart
                .try_next()
                .await
                .map_err(|error| malformed(&error))?
            {
                let name = field.name().unwrap_or_default().to_owned();
                parts += 1;
                weight += name.len();
                if parts > MOST_PARTS || (name == "file" && file.is_some()) {
                    return Err(AppError::Malformed("too many parts".to_owned()));
                }
                if name == "file" {
                    file = receive(&mut field, limit).await?;
                } else {
                    let value = text(&mut field, &mut weight).await?;
                    pairs.push((name, value));
                }
            }
            note_key(&pairs, file.as_ref());
            let encoded = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&pairs)
                .finish();
            let form = serde_html_form::from_str(&encoded)
                .map_err(|error| AppError::Malformed(error.to_string()))?;
            Ok(Self { form, file })
        })
    }
}

fn is_plain(request: &HttpRequest) -> bool {
    request.headers().get("content-type").is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    })
}

fn malformed(error: &impl Display) -> AppError {
    AppError::Malformed(error.to_string())
}

async fn text(field: &mut Field, weight: &mut usize) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(|error| malformed(&error))?;
        *weight += piece.len();
        if *weight > TEXT_LIMIT {
            return Err(AppError::TooLarge(Said::new(
                "That is too much for one form. Shorten the text and try again.",
            )));
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|error| AppError::Malformed(error.to_string()))
}

async fn receive(field: &mut Field, limit: u64) -> Result<Option<Received>, AppError> {
    let name: String = field
        .content_disposition()
        .and_then(|about| about.get_filename())
        .and_then(|name| name.rsplit(['/', '\\']).next())
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    let (mut content, mut hash, mut bytes) = (SpooledTempFile::new(IN_MEMORY), Sha256::new(), 0);
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(|error| malformed(&error))?;
        bytes += piece.len() as u64;
        if bytes > limit.saturating_mul(PATIENCE) {
            return Err(AppError::TooLarge(
                Said::new("This file is far over the limit of {limit}.").with("limit", size(limit)),
            ));
        }
        if bytes <= limit {
            hash.update(&piece);
            // A few kilobytes into the page cache: cheaper than a hop to another thread.
            content.write_all(&piece).map_err(AppError::internal)?;
        }
    }
    if name.is_empty() && bytes == 0 {
        return Ok(None);
    }
    Ok(Some(Received {
        name,
        bytes,
        sha256: hash.finalize().to_vec(),
        over: (bytes > limit).then_some(limit),
        content,
    }))
}

fn note_key(pairs: &[(String, String)], file: Option<&Received>) {
    let Some((_, key)) = pairs.iter().find(|(name, _)| name == "_key") else {
        return;
    };
    set_key(key, || {
        let mut hash = Sha256::new();
        for (name, value) in pairs {
            hash.update(format!("{name}={value}\n"));
        }
        hash.update(file.map(|file| file.sha256.as_slice()).unwrap_or_default());
        hash.finalize().to_vec()
    });
}
