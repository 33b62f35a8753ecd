//! Accounts at payment gateways, and what the gateways told.

use crate::accounting::forms::GatewayForm;
use crate::accounting::model::{EventRow, GatewayAccount};
use crate::accounting::outside::Gateways;
use crate::kernel::dates;
use crate::kernel::language::{Lang, text};
use crate::web::components::{Choice, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use url::Url;
use uuid::Uuid;

/// An account as a row.
pub struct AccountRow {
    pub id: Uuid,
    pub gateway: String,
    pub key_id: String,
    /// What the gateway calls.
    pub hooks_to: String,
    pub since: String,
    pub is_active: bool,
    pub pill: Pill,
}

/// Something that a gateway told.
pub struct ToldRow {
    pub kind: String,
    pub id: String,
    pub at: String,
    pub pill: Pill,
    pub said: String,
}

/// What the page stands on.
pub struct GatewayGround {
    pub accounts: Vec<GatewayAccount>,
    pub events: Vec<EventRow>,
}

#[derive(Template)]
#[template(path = "accounting/payments/gateways.html")]
pub struct GatewaysPage {
    pub shell: Shell,
    pub base: String,
    pub path: String,
    pub accounts: Vec<AccountRow>,
    pub events: Vec<ToldRow>,
    pub fields: Vec<Field>,
    pub summary: Option<Summary>,
    pub has_gateways: bool,
    pub has_sandbox: bool,
    pub key: Uuid,
}

fn label(name: &str) -> &'static str {
    match name {
        "sandbox" => text!("Sandbox"),
        "razorpay" => "Razorpay",
        _ => "Stripe",
    }
}

/// What an event is about; one that is not known here keeps the gateway's own name.
fn about(kind: &str) -> Option<&'static str> {
    match kind {
        "payment.captured" => Some(text!("Money was taken")),
        "payment.failed" => Some(text!("A payment failed")),
        "payment.found" => Some(text!("Found when we asked")),
        "order.paid" => Some(text!("An order was paid")),
        _ => None,
    }
}

fn told(lang: Lang, event: EventRow) -> ToldRow {
    let (words, tone, shape) = event
        .outcome
        .map_or((text!("Waiting"), "info", ""), |outcome| outcome.label());
    ToldRow {
        at: dates::full_date_and_time(event.received_at, lang),
        pill: Pill::new(lang.t(words), tone, shape),
        said: event.said.unwrap_or_default(),
        kind: about(&event.kind).map_or(event.kind, |words| lang.t(words).into_owned()),
        id: event.event_id,
    }
}

impl GatewaysPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, String),
        (gateways, own): (&Gateways, &Url),
        ground: GatewayGround,
        form: &GatewayForm,
    ) -> Self {
        let row = |account: GatewayAccount| AccountRow {
            id: account.id.uuid(),
            gateway: lang.t(label(&account.gateway)).into_owned(),
            hooks_to: hooks_to(own, account.id.uuid()),
            since: dates::full_date_and_time(account.created_at, lang),
            is_active: account.is_active,
            pill: if account.is_active {
                Pill::new(lang.t("In use"), "ok", "")
            } else {
                Pill::new(lang.t("Out of use"), "", "plain")
            },
            key_id: account.key_id,
        };
        let names = gateways.0.iter().map(|known| known.name);
        let mut choices = vec![Choice::new("", lang.t("Choose"), &form.gateway)];
        choices.extend(names.map(|name| Choice::new(name, lang.t(label(name)), &form.gateway)));
        let typed = |kind, name, label: &str, value: &str| {
            Field::new(kind, name, lang.t(label))
                .value(value)
                .autocomplete("off")
                .remarks(&form.remarks, lang)
        };
        Self {
            path: format!("{base}/settings/integrations/payments"),
            accounts: ground.accounts.into_iter().map(row).collect(),
            events: ground.events.into_iter().map(|one| told(lang, one)).collect(),
            fields: vec![
                Field::new("select", "gateway", lang.t("Gateway"))
                    .choices(choices)
                    .remarks(&form.remarks, lang),
                typed("text", "key_id", text!("Key id"), &form.key_id),
                typed("password", "key_secret", text!("Key secret"), ""),
                typed("password", "hook_secret", text!("Webhook secret"), "").hint(lang.t(
                    "As you set it at the gateway. Both secrets are kept encrypted and never shown again.",
                )),
            ],
            summary: form.remarks.summary(lang),
            has_gateways: !gateways.0.is_empty(),
            has_sandbox: gateways.get("sandbox").is_ok(),
            shell,
            base,
            key: new_key(),
        }
    }
}

/// The address at which a gateway tells what became of the payments of an account.
pub fn hooks_to(own: &Url, account: Uuid) -> String {
    let own = own.as_str().trim_end_matches('/');
    format!("{own}/hooks/payments/{account}")
}
