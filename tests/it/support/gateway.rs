//! An account at the sandbox gateway, what that gateway knows, and messages that are signed as it signs, by other code.

use super::{Page, Shop, Tenant, ask};
use ring::hmac;

/// A company's account.
pub struct Account {
    /// Its id here: part of the address for webhooks.
    pub id: String,
    /// Key id.
    pub key_id: String,
    /// Key secret.
    pub key_secret: String,
    /// What webhooks are signed with.
    pub hook_secret: String,
}

/// Opens an account at the sandbox, by the page of the settings.
pub fn account(tenant: &Tenant) -> Account {
    let path = tenant.path("/settings/integrations/payments");
    let page = tenant.owner.open(&path);
    page.form("#open").press("op", "open").submit().is(303);
    known(tenant)
}

/// The account that the company has, if need be a new one.
pub fn some_account(tenant: &Tenant) -> Account {
    let sql = format!(
        "select count(*)::text as value from gateway_accounts where tenant_id = '{}'",
        tenant.id
    );
    if ask(tenant.app, &sql) == "0" {
        account(tenant)
    } else {
        known(tenant)
    }
}

fn known(tenant: &Tenant) -> Account {
    let word = |column: &str| {
        ask(
            tenant.app,
            &format!(
                "select {column} as value from gateway_accounts a join sandbox.merchants m using (key_id) where a.tenant_id = '{}' and a.is_active",
                tenant.id
            ),
        )
    };
    Account {
        id: word("a.id::text"),
        key_id: word("m.key_id"),
        key_secret: word("m.key_secret"),
        hook_secret: word("m.hook_secret"),
    }
}

/// HMAC-SHA256 in hexadecimal, by another library than the sandbox's own.
pub fn sign(secret: &str, message: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, message);
    tag.as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Account {
    /// Where its gateway calls.
    pub fn path(&self) -> String {
        format!("/hooks/payments/{}", self.id)
    }

    /// A webhook about a payment, as the gateway words it.
    pub fn told(&self, (order, payment): (&str, &str), paise: i64, status: &str) -> Vec<u8> {
        serde_json::json!({
            "entity": "event", "event": format!("payment.{status}"), "contains": ["payment"], "account_id": self.key_id,
            "payload": { "payment": { "entity": {
                "id": payment, "entity": "payment", "amount": paise, "currency": "INR", "status": status, "order_id": order,
                "method": "upi", "error_description": null, "created_at": chrono::Utc::now().timestamp(),
            } } },
            "created_at": chrono::Utc::now().timestamp(),
        })
        .to_string()
        .into_bytes()
    }

    /// Sends a webhook from nowhere in particular: the status.
    pub fn call(&self, tenant: &Tenant, event: &str, body: &[u8], signature: &str) -> u16 {
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::blocking::Client::builder()
            .no_proxy()
            .build()
            .unwrap();
        client
            .post(format!("{}{}", tenant.app.base, self.path()))
            .header("content-type", "application/json")
            .header("x-razorpay-event-id", event)
            .header("x-razorpay-signature", signature)
            .body(body.to_vec())
            .send()
            .unwrap()
            .status()
            .as_u16()
    }
}

/// Begins to pay an amount at the shop's page: the gateway's page, opened.
pub fn begun(tenant: &Tenant, shop: &Shop, amount: &str) -> Page {
    let page = shop.owner.open(&shop.path(tenant, "/pay"));
    let answer = page.form("#pay").fill("amount", amount).submit();
    answer.is(303);
    answer.follow()
}

/// The gateway's order of the payment that a shop began last, and the payment's id.
pub fn last(tenant: &Tenant, shop: &Shop) -> (String, String) {
    let word = |column: &str| {
        ask(
            tenant.app,
            &format!(
                "select {column} as value from payments where tenant_id = '{}' and customer_id = '{}' and direction = 'in' and method = 'gateway' order by id desc limit 1",
                tenant.id, shop.customer
            ),
        )
    };
    (word("coalesce(gateway_order, '')"), word("id::text"))
}

/// Pays on the gateway's page as somebody chooses there; stays at the first answer.
pub fn choose(page: &Page, how: &str, hook: &str, stays: bool) -> Page {
    let form = page.form("#choose").fill("how", how).fill("hook", hook);
    let form = if stays { form.fill("stay", "on") } else { form };
    form.submit()
}

/// What the books have of a payment: its state, receipts, entries, and how the events ended.
pub fn books(tenant: &Tenant, payment: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', p.status, p.number is not null, (select count(*) from ledger_entries e where e.payment_id = p.id),
                    (select coalesce(sum(e.amount), 0) from ledger_entries e where e.payment_id = p.id)) as value
               from payments p where p.tenant_id = '{}' and p.id = '{payment}'",
            tenant.id
        ),
    )
}
