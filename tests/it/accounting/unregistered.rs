//! Goods whose invoice the authority should know and does not know yet: they stay, unless somebody says why they can't.

use super::einvoices::trade;
use crate::support::{Page, trade as goods};
use mandi::accounting::actions::Issued;
use mandi::kernel::language::Lang;

#[test]
fn goods_of_an_unregistered_invoice_stay_unless_somebody_says_why() {
    // given: one invoice that is registered, and one that can't be sent
    let trade = trade();
    let first = trade.first();
    trade.switch_account(false);
    let issued = trade.issue("WAITS");
    trade.becomes(&issued, "failed_fix");
    let (vehicle, driver) = goods::fleet(&trade.tenant, 500);
    let shipment = |issued: &Issued| {
        trade.ask(&format!(
            "select number from shipments where invoice_id = '{}'",
            issued.id
        ))
    };
    let status = |issued: &Issued| {
        trade.ask(&format!(
            "select status from shipments where invoice_id = '{}'",
            issued.id
        ))
    };
    let open = |issued: &Issued| trade.get(&format!("/shipments/{}/send", shipment(issued)));
    let send = |page: &Page, reason: Option<&str>| {
        let mut form = page
            .form("#send")
            .fill("vehicle", &vehicle)
            .fill("driver", &driver);
        if let Some(reason) = reason {
            form = form.fill("unregistered_reason", reason);
        }
        form.submit()
    };

    // when: without a reason
    let page = open(&issued);
    page.is(200)
        .shows("#unregistered", "is not registered at the authority yet");
    let refused = send(&page, Some(" "));

    // then: refused beside the field, nothing typed is lost, the goods stay
    let words = format!(
        "{} is not registered at the authority yet. Wait until it is, or say why the goods leave without its IRN.",
        issued.number
    );
    refused.is(422).shows("#unregistered_reason-e", &words);
    assert_eq!(
        refused
            .attribute("#vehicle option[selected]", "value")
            .as_deref(),
        Some(vehicle.as_str())
    );
    assert_eq!(status(&issued), "packed");

    // and the paper says what it is not, in both languages
    let sentence = "Not registered at the authority yet";
    let sheet = trade.get(&format!("/invoices/{}", issued.url_no));
    sheet.is(200).shows(".sheet .irn", sentence);
    assert_eq!(sheet.count(".sheet .info .qr"), 0);
    assert_eq!(Lang::Hi.t(sentence), "प्राधिकरण में अभी पंजीकृत नहीं");

    // when: with one
    send(&refused, Some("The portal is away since noon")).is(303);

    // then: they leave, and the order keeps why, for the company's own eyes
    assert_eq!(status(&issued), "out");
    let kept = trade.ask(&format!(
        "select concat_ws(' ', is_internal::text, said->>'key', (said::text like '%The portal is away since noon%')::text) from order_events
           where tenant_id = '{}' and kind = 'note' and said::text like '%{}%'",
        trade.tenant.id, issued.number
    ));
    assert_eq!(
        kept,
        "true {number} left before {invoice} was registered at the authority: {reason} true"
    );

    // and what is registered leaves without being asked for a reason, and its paper says nothing of the kind
    let page = open(&first);
    assert_eq!(page.is(200).count("#unregistered"), 0);
    send(&page, None).is(303);
    assert_eq!(status(&first), "out");
    trade
        .get(&format!("/invoices/{}", first.url_no))
        .shows(".sheet .irn", "IRN")
        .shows_not(".sheet .irn", sentence);
    trade.is_clean();
}
