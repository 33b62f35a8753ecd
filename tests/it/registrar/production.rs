//! Sandboxes are there in development and in the demo; in production nobody finds them.

use crate::support::{
    admin_in, another_app, ask, books, gateway, gstin, postgres, tenant_in, trade,
};
use mandi::integrations::sandbox::Sandboxes;

/// The least that a server in production is told.
const PRODUCTION: [(&str, &str); 3] = [
    ("MANDI_PROFILE", "production"),
    ("MANDI_BASE_URL", "https://orders.example.com"),
    (
        "MANDI_SECRET_KEY",
        "a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1",
    ),
];

#[test]
fn production_has_no_sandboxes() {
    // given: one database, with a payment that a shop has begun, and two applications on it
    let urls = postgres::server().database("registrar_production");
    let (dev, production) = (another_app(&urls, &[]), another_app(&urls, &PRODUCTION));
    assert!(dev.state.config.is_dev_or_demo() && production.state.config.is_production());
    let tenant = tenant_in(dev);
    let shop = trade::shop_of(&tenant);
    gateway::account(&tenant);
    books::owes(&tenant, &shop, 900, (80, 50));
    gateway::begun(&tenant, &shop, "10").is(200);
    let (order, _) = gateway::last(&tenant, &shop);
    let [here, there] = [dev, production].map(admin_in);
    let till = format!("/sandbox/pay/{order}");
    let paid = || {
        let sql = format!(
            "select count(*)::text as value from sandbox.gateway_payments where order_id = '{order}'"
        );
        ask(dev, &sql)
    };
    let pay = [("how", "upi"), ("hook", "never"), ("stay", "on")];
    let told = [
        ("who", "registrar"),
        ("mood", "slow"),
        ("operation", "find"),
        ("gstin", "nobody whom we know"),
        ("delay_ms", "1"),
        ("calls_left", "1"),
        ("_key", "told-once"),
    ];
    let number = gstin();
    let enrolled = [
        ("gstin", number.as_str()),
        ("name", "Kaveri Traders"),
        ("taxpayer_type", "REG"),
        ("status", "ACT"),
        ("_key", "enrolled-once"),
    ];
    let (rooms, taxpayers) = ("/admin/sandboxes", "/admin/sandboxes/taxpayers");

    // when, then: production does not know them, whoever asks and for what is there
    assert!(production.state.part::<Sandboxes>().is_err());
    there.get(&till).is(404);
    there.post(&till, &pay).is(404);
    assert_eq!(paid(), "0");
    let page = there.get(rooms);
    page.is(200).shows("main", "No sandboxes here");
    assert_eq!((page.count("#tell"), page.count("#calls")), (0, 0));
    there.post(rooms, &told).is(404);
    there.get(taxpayers).is(404);
    there.post(taxpayers, &enrolled).is(404);
    there.get("/dev/mail").is(404);

    // and development does
    assert!(dev.state.part::<Sandboxes>().is_ok());
    here.get(&till).is(200).shows("h1", "Pay ₹10.00");
    here.post(&till, &pay).is(303);
    assert_eq!(paid(), "1");
    let page = here.get(rooms);
    page.is(200).shows_not("main", "No sandboxes here");
    assert_eq!((page.count("#tell"), page.count("#calls")), (1, 1));
    here.post(rooms, &told).is(303);
    here.get(taxpayers).is(200);
    here.post(taxpayers, &enrolled).is(303);
    here.get("/dev/mail").is(200);
}
