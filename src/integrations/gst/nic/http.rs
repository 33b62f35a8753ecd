//! Calls over HTTP: each made once, with an end to waiting.

use crate::accounting::outside::Away;
use reqwest::Method;
use reqwest::blocking::Client;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use serde_json::Value;
use std::io::Read as _;
use std::sync::OnceLock;
use std::time::Duration;
use url::Url;

/// Most bytes of an answer that are read.
const MOST: u64 = 16 * 1024 * 1024;

/// Connections to the authority, made when the first call is.
#[derive(Default)]
pub struct Http {
    client: OnceLock<Client>,
}

impl Http {
    fn client(&self) -> Result<&Client, Away> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        // An error means that it is installed already.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(30))
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| Away::NotSent(error.to_string()))?;
        Ok(self.client.get_or_init(|| client))
    }

    /// One call: status and bytes of the answer.
    ///
    /// # Errors
    /// `NotSent` when nobody took the connection, `Lost` when one broke after that.
    pub fn call(
        &self,
        (method, url): (&str, Url),
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<(u16, Vec<u8>), Away> {
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|error| Away::NotSent(error.to_string()))?;
        let mut request = self.client()?.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        // The address is left out: the log need not know it, and it holds numbers of documents.
        let response = request.send().map_err(|error| {
            let why = error.without_url();
            if why.is_connect() || why.is_builder() {
                Away::NotSent(why.to_string())
            } else {
                Away::Lost {
                    raw: None,
                    why: why.to_string(),
                }
            }
        })?;
        let status = response.status().as_u16();
        let mut raw = Vec::new();
        match response.take(MOST).read_to_end(&mut raw) {
            Ok(_) => Ok((status, raw)),
            Err(error) => Err(Away::Lost {
                raw: Some(raw),
                why: error.to_string(),
            }),
        }
    }
}
