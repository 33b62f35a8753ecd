//! What was typed about accounts at payment gateways.

use crate::accounting::actions::gateway::Keys;
use crate::accounting::outside::Gateways;
use crate::config::Secret;
use crate::error::AppError;
use crate::kernel::ids::GatewayAccountId;
use crate::kernel::language::{Said, text};
use crate::kernel::text::one_line;
use crate::web::Remarks;
use serde::Deserialize;

/// An account of which somebody has the keys; or what is to become of one.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct GatewayForm {
    pub op: String,
    pub id: String,
    pub gateway: String,
    pub key_id: String,
    pub key_secret: String,
    pub hook_secret: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub enum Asked {
    /// Keep this account.
    Add(Keys),
    /// Open one at the sandbox.
    Open,
    /// Put it out of use.
    Stop(GatewayAccountId),
    /// Take it into use again.
    Start(GatewayAccountId),
}

fn secret(label: &'static str, typed: &str) -> Result<Secret<String>, Said> {
    let line = one_line(label, typed, 200)?;
    if line.len() < 8 {
        return Err(Said::new("{label}: at least 8 characters.").naming("label", label));
    }
    Ok(Secret::new(line))
}

impl GatewayForm {
    /// What is to be done; or the form again, with what is wrong and without the secrets.
    ///
    /// # Errors
    /// `NotFound` for what no page of ours offers.
    pub fn parse(mut self, known: &Gateways) -> Result<Result<Asked, Box<Self>>, AppError> {
        let id = || self.id.parse().map_err(|_| AppError::NotFound);
        match self.op.as_str() {
            "stop" => return Ok(Ok(Asked::Stop(id()?))),
            "start" => return Ok(Ok(Asked::Start(id()?))),
            "open" => return Ok(Ok(Asked::Open)),
            _ => {}
        }
        let gateway = known
            .get(&self.gateway)
            .map(|known| known.name.to_owned())
            .map_err(|_| Said::new("Choose the gateway."));
        let gateway = self.remarks.take("gateway", gateway);
        let key_id = one_line(text!("Key id"), &self.key_id, 100);
        let key_id = self.remarks.take("key_id", key_id);
        let key_secret = secret(text!("Key secret"), &self.key_secret);
        let key_secret = self.remarks.take("key_secret", key_secret);
        let hook_secret = secret(text!("Webhook secret"), &self.hook_secret);
        let hook_secret = self.remarks.take("hook_secret", hook_secret);
        match (gateway, key_id, key_secret, hook_secret) {
            (Some(gateway), Some(key_id), Some(key_secret), Some(hook_secret)) => {
                Ok(Ok(Asked::Add(Keys {
                    gateway,
                    key_id,
                    key_secret,
                    hook_secret,
                })))
            }
            _ => {
                // No page gives a secret back, not even to whoever typed it.
                self.key_secret.clear();
                self.hook_secret.clear();
                Ok(Err(Box::new(self)))
            }
        }
    }
}
