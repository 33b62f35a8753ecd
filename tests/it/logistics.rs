//! Shipments: from the pick list to the retailer's door, and back.

use crate::support::trade::{
    billed, confirmed, fleet, goods, line_of, placed, shipment, shop_of, sound, stock_of,
};
use crate::support::{Browser, Page, Shop, Tenant, ask, pdf, retailer, run, tenant, until};
use diesel::connection::SimpleConnection;
use image::ImageFormat;
use mandi::logistics::rules::{self, Status};
use mandi::platform::permissions::Role;
use std::sync::Barrier;

/// Starts a shipment of an order: its number.
fn pick(tenant: &Tenant, browser: &Browser, order: &str) -> String {
    let page = browser.post(&tenant.path(&format!("/orders/{order}/pick")), &[]);
    page.is(303);
    number_in(&page)
}

fn number_in(page: &Page) -> String {
    page.header("location")
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned()
}

fn at(tenant: &Tenant, number: &str, rest: &str) -> String {
    tenant.path(&format!("/shipments/{number}{rest}"))
}

/// Packs a shipment of one line.
fn pack(tenant: &Tenant, number: &str, packed: &str) -> Page {
    tenant
        .owner
        .open(&at(tenant, number, "/pack"))
        .form("#pack")
        .fill("packed", packed)
        .fill("packages", "2")
        .submit()
}

/// Sends a packed shipment out with its invoice, which is issued first where there is none.
fn send(tenant: &Tenant, number: &str, (vehicle, driver): &(String, String)) -> Page {
    let has_none = format!(
        "select (status = 'packed' and invoice_id is null)::text as value from shipments where tenant_id = '{}' and number = '{number}'",
        tenant.id
    );
    if ask(tenant.app, &has_none) == "true" {
        billed(tenant, number);
    }
    tenant
        .owner
        .open(&at(tenant, number, "/send"))
        .form("#send")
        .fill("vehicle", vehicle)
        .fill("driver", driver)
        .submit()
}

fn deliver(tenant: &Tenant, number: &str) -> Page {
    tenant
        .owner
        .open(&at(tenant, number, "/deliver"))
        .form("#deliver")
        .fill("received_by", "Meena")
        .submit()
}

fn status(tenant: &Tenant, number: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select status as value from shipments where tenant_id = '{}' and number = '{number}'",
            tenant.id
        ),
    )
}

/// How an order stands: status, what it comes to, what of it is open; and the same of its customer.
fn money(tenant: &Tenant, order: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', o.status, o.total, o.open_amount, a.open_orders, a.open_amount, a.next_delivery is not null) as value
               from orders o join customer_accounts a on a.tenant_id = o.tenant_id and a.id = o.customer_id
               where o.tenant_id = '{}' and o.number = '{order}'",
            tenant.id
        ),
    )
}

fn photo() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(1600, 1200, image::Rgb([90, 120, 60]))
        .write_to(&mut bytes, ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}

/// The photo and the note of a delivery: read by the company and by this retailer, and by nobody else.
fn the_proof_is_seen_by_both_sides(
    tenant: &Tenant,
    shop: &Shop,
    (order, number): (&str, &str),
    page: &Page,
) {
    // then: the photo is seen by the company and by this retailer, and by nobody else
    let file = page.attributes("a.btn", "href");
    let file = file.iter().find(|href| href.contains("/files/")).unwrap();
    let id = file.rsplit('/').next().unwrap();
    let (other, rival) = (retailer(tenant), crate::support::tenant());
    let stranger = retailer(&rival);
    let (kind, _, bytes) = tenant.owner.bytes(file);
    assert_eq!(kind, 200);
    let kept = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap();
    assert_eq!((kept.width(), kept.height()), (1280, 960));
    let its = format!("/files/{id}");
    shop.owner.get(&shop.path(tenant, &its)).is(200);
    other.owner.get(&other.path(tenant, &its)).is(404);
    stranger.owner.get(&stranger.path(&rival, &its)).is(404);
    rival.owner.get(&rival.path(&its)).is(404);
    rival.owner.get(file).is(404);

    // and it stands on the retailer's page, with the note, in its language
    let page = shop
        .owner
        .open(&shop.path(tenant, &format!("/orders/{order}")));
    page.is(200).shows(
        "section[aria-labelledby=parcels]",
        "Note at the door: Left at the back door",
    );
    assert_eq!(
        page.attributes("img.proof", "src"),
        [shop.path(tenant, &its)]
    );
    assert_eq!(
        page.attributes("img.proof", "alt"),
        [format!("Photo of delivery {number}")]
    );
    let (kind, _, seen) = shop.owner.bytes(&shop.path(tenant, &its));
    assert_eq!((kind, seen == bytes), (200, true));
    shop.owner
        .open("/me/preferences")
        .form("#preferences")
        .fill("language", "hi-IN")
        .submit()
        .is(303);
    let page = shop
        .owner
        .open(&shop.path(tenant, &format!("/orders/{order}")));
    page.shows(
        "section[aria-labelledby=parcels]",
        "डिलीवरी पर टिप्पणी: Left at the back door",
    );
    assert_eq!(
        page.attributes("img.proof", "alt"),
        [format!("डिलीवरी {number} की फ़ोटो")]
    );
}

#[test]
fn a_weight_that_nobody_writes_is_that_of_what_is_packed() {
    // given: soap of 500 g, and rice of which nobody knows
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let rice = goods(&tenant, "RICE", "30", "100");
    run(
        tenant.app,
        &format!("update products set weight_g = null where id = '{rice}'"),
    );
    let weight = |number: &str| {
        let sql = format!(
            "select coalesce(weight_g::text, '-') as value from shipments where tenant_id = '{}' and number = '{number}'",
            tenant.id
        );
        ask(tenant.app, &sql)
    };
    let form = |number: &str| {
        let page = tenant.owner.open(&at(&tenant, number, "/pack"));
        let form = page.form("#pack").fill("packages", "2");
        (page, form)
    };

    // when: packed short; then again, with a weight from the scales
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let number = pick(&tenant, &tenant.owner, &order);
    let (page, one) = form(&number);
    page.shows(
        "main",
        "worked out from what is packed: 6 kg if that is everything.",
    );
    one.fill("packed", "8").submit().is(303);

    // then
    assert_eq!(weight(&number), "4000");
    let page = tenant.owner.open(&at(&tenant, &number, ""));
    page.form("#reopen").submit().is(303);
    form(&number).1.fill("weight", "4.25").submit().is(303);
    assert_eq!(weight(&number), "4250");

    // when: part of it is of no known weight
    let order = confirmed(&tenant, &shop, &[(soap, "12"), (rice, "2")]);
    let number = pick(&tenant, &tenant.owner, &order);
    let (page, one) = form(&number);
    page.shows("main", "the weight of a product is not known");
    one.submit().is(303);

    // then
    assert_eq!(weight(&number), "-");

    // when: it is sold by weight
    run(
        tenant.app,
        &format!("update products set unit = 'KGS' where id = '{rice}'"),
    );
    let order = confirmed(&tenant, &shop, &[(soap, "12"), (rice, "2")]);
    let number = pick(&tenant, &tenant.owner, &order);
    form(&number).1.submit().is(303);

    // then
    assert_eq!(weight(&number), "8000");
    sound(&tenant);
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one story from its beginning to its end"
)]
fn an_order_is_picked_packed_sent_and_delivered() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let fleet = fleet(&tenant, 500);
    assert_eq!(money(&tenant, &order), "confirmed 504.00 504.00 1 504.00 f");

    // when: picked
    let number = pick(&tenant, &tenant.owner, &order);

    // then
    assert!(
        number.starts_with("SH-") && number.ends_with("-00001"),
        "{number}"
    );
    assert_eq!(line_of(&tenant, &order), "12 12 0 0 12");
    let page = tenant.owner.open(&at(&tenant, &number, ""));
    page.is(200)
        .shows("h1", &number)
        .shows(".head .pill", "Being picked")
        .shows(".meta", &order)
        .shows(".actions .primary", "Pack");
    assert_eq!(page.count(".actions .primary"), 1);
    sound(&tenant);

    // when: packed
    pack(&tenant, &number, "12").is(303);

    // then
    let page = tenant.owner.open(&at(&tenant, &number, ""));
    page.shows(".head .pill", "Packed")
        .shows(".actions .primary", "Issue invoice")
        .shows("dd", "6 kg");
    assert_eq!(stock_of(&tenant, soap), "100 12");
    tenant
        .owner
        .get(&at(&tenant, &number, "/challan"))
        .is(409)
        .shows(
            "body",
            &format!("The delivery challan of {number} is made when it leaves."),
        );
    sound(&tenant);

    // when: sent
    tenant
        .owner
        .open(&at(&tenant, &number, "/send"))
        .form("#send")
        .fill("vehicle", &fleet.0)
        .fill("driver", &fleet.1)
        .submit()
        .is(422)
        .shows(
            ".error",
            &format!("{number} has no invoice yet. Issue it first, or send it with a challan and say why."),
        );
    tenant
        .owner
        .open(&at(&tenant, &number, "/send"))
        .form("#send")
        .fill("vehicle", &fleet.0)
        .fill("driver", &fleet.1)
        .fill("challan_reason", "approval")
        .submit()
        .is(303);

    // then: the goods are gone, the order is closed, its customer expects them
    assert_eq!(stock_of(&tenant, soap), "88 0");
    assert_eq!(line_of(&tenant, &order), "12 0 12 0 0");
    assert_eq!(money(&tenant, &order), "closed 504.00 0.00 0 0.00 t");
    let challan = tenant.owner.open(&at(&tenant, &number, "/challan"));
    challan
        .is(200)
        .shows(".sheet .kind", "DC/")
        .shows(".sheet .kind", "/0001")
        .shows(".sheet .kind p", "Original for consignee")
        .shows(".sheet td", "1006")
        .shows(".sheet td", "12 PCS")
        .shows(".sheet td", "480.00")
        .shows(".sheet td", "12.00")
        .shows(".sheet tfoot", "₹504.00")
        .shows(".sheet", "Place of supply: Tamil Nadu (33)");
    tenant
        .owner
        .open(&at(&tenant, &number, "/challan?copy=2"))
        .shows(".sheet .kind p", "Duplicate for transporter");
    sound(&tenant);

    // when: delivered, with a photo
    tenant
        .owner
        .open(&at(&tenant, &number, "/deliver"))
        .form("#deliver")
        .fill("received_by", "Meena Shop")
        .fill("note", "Left at the back door")
        .attach("door.jpg", &photo())
        .submit()
        .is(303);

    // then
    let page = tenant.owner.open(&at(&tenant, &number, ""));
    page.shows(".head .pill", "Delivered")
        .shows("dd", "Meena Shop")
        .shows("main", "Left at the back door");
    assert_eq!(page.count(".actions .primary"), 0);
    assert_eq!(money(&tenant, &order), "closed 504.00 0.00 0 0.00 f");
    sound(&tenant);

    the_proof_is_seen_by_both_sides(&tenant, &shop, (&order, &number), &page);

    // then: both sides read what happened, and only the company that it was picked
    let said = ask(
        tenant.app,
        &format!(
            "select string_agg(kind || case when is_internal then '!' else '' end, ' ' order by id) as value from order_events where tenant_id = '{}'",
            tenant.id
        ),
    );
    assert_eq!(said, "placed picking! packed out delivered");
}

#[test]
fn a_delivery_with_a_photo_that_is_sent_again_gets_its_first_answer() {
    // given: goods on the road, and the form open twice
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    for path in ["/shipments/{no}/deliver", "/drive/{no}"] {
        let number = shipment(&tenant, &shop, soap, Status::Out);
        let path = tenant.path(&path.replace("{no}", &number));
        let filled = || {
            tenant
                .owner
                .open(&path)
                .form("#deliver")
                .fill("received_by", "Meena Shop")
                .attach("door.jpg", &photo())
        };
        let (form, another) = (filled(), filled());
        let photos = || {
            ask(
                tenant.app,
                &format!(
                    "select count(*)::text as value from files where tenant_id = '{}' and purpose = 'proof'",
                    tenant.id
                ),
            )
        };
        let delivered = || {
            ask(
                tenant.app,
                &format!(
                    "select count(*)::text as value from order_events where tenant_id = '{}' and kind = 'delivered'",
                    tenant.id
                ),
            )
        };
        let before = (photos(), delivered());

        // when: its answer is lost, and it is sent again
        let first = form.clone().submit();
        let after = (photos(), delivered());
        let again = form.submit();

        // then: one answer, one photo, one delivery
        first.is(303);
        again.is(303);
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(status(&tenant, &number), "delivered");
        assert_ne!(before, after);
        assert_eq!((photos(), delivered()), after);

        // and another form is told that it is delivered already
        another.submit().is(409);
        assert_eq!((photos(), delivered()), after);
    }
    let counted = ask(
        tenant.app,
        &format!("select concat_ws(' ', (select count(*) from files where tenant_id = '{0}' and purpose = 'proof'),
            (select count(*) from order_events where tenant_id = '{0}' and kind = 'delivered')) as value", tenant.id),
    );
    assert_eq!(counted, "2 2");
    sound(&tenant);
}

#[test]
fn whoever_picks_second_is_told_who_was_first() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let (_, ravi) = tenant.employee(Role::Warehouse);
    let number = pick(&tenant, &ravi, &order);

    // when
    let refused = tenant
        .owner
        .post(&tenant.path(&format!("/orders/{order}/pick")), &[]);

    // then
    refused.is(409).shows(
        "body",
        &format!("Ravi Warehouse is picking {order} already, as {number}."),
    );
    // and the page stands inside the company, with ways to what it speaks of
    assert_eq!(refused.count("nav.side"), 1);
    assert_eq!(
        refused.attributes("main .empty a.btn", "href"),
        [
            tenant.path(&format!("/orders/{order}")),
            tenant.path(&format!("/shipments/{number}"))
        ]
    );
    assert_eq!(line_of(&tenant, &order), "12 12 0 0 12");
    sound(&tenant);
}

#[test]
fn of_two_pickers_at_once_one_wins() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let pickers: Vec<Browser> = (0..4).map(|_| tenant.employee(Role::Warehouse).1).collect();
    let (start, path) = (
        Barrier::new(4),
        tenant.path(&format!("/orders/{order}/pick")),
    );

    // when
    let mut answers: Vec<u16> = std::thread::scope(|scope| {
        let started: Vec<_> = pickers
            .iter()
            .map(|picker| {
                scope.spawn(|| {
                    start.wait();
                    picker.post(&path, &[]).status
                })
            })
            .collect();
        started.into_iter().map(|one| one.join().unwrap()).collect()
    });

    // then
    answers.sort_unstable();
    assert_eq!(answers, [303, 409, 409, 409]);
    let made = ask(
        tenant.app,
        &format!(
            "select count(*)::text as value from shipments where tenant_id = '{}'",
            tenant.id
        ),
    );
    assert_eq!(made, "1");
    sound(&tenant);
}

#[test]
fn of_two_dispatchers_at_once_one_wins_and_the_goods_leave_once() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let (vehicle, driver) = fleet(&tenant, 500);
    let number = pick(&tenant, &tenant.owner, &order);
    pack(&tenant, &number, "12").is(303);
    billed(&tenant, &number);
    let senders: Vec<Browser> = (0..4)
        .map(|_| tenant.employee(Role::Dispatcher).1)
        .collect();
    let day = tenant
        .owner
        .open(&at(&tenant, &number, "/send"))
        .attribute("#expected_on", "value")
        .unwrap();
    let fields = [
        ("vehicle", vehicle.as_str()),
        ("driver", driver.as_str()),
        ("expected_on", day.as_str()),
    ];
    let (start, path) = (Barrier::new(4), at(&tenant, &number, "/send"));

    // when
    let answers: Vec<Page> = std::thread::scope(|scope| {
        let started: Vec<_> = senders
            .iter()
            .map(|sender| {
                scope.spawn(|| {
                    start.wait();
                    sender.post(&path, &fields)
                })
            })
            .collect();
        started.into_iter().map(|one| one.join().unwrap()).collect()
    });

    // then
    let mut codes: Vec<u16> = answers.iter().map(|page| page.status).collect();
    codes.sort_unstable();
    assert_eq!(codes, [303, 409, 409, 409]);
    let told = format!("{number}: On the road. Only a packed shipment can be sent out.");
    let refused = answers.iter().filter(|page| page.status == 409);
    assert_eq!(refused.filter(|page| page.html.contains(&told)).count(), 3);
    assert_eq!(stock_of(&tenant, soap), "88 0");
    assert_eq!(line_of(&tenant, &order), "12 0 12 0 0");
    sound(&tenant);
}

/// Sends each its form at the same moment: the statuses, smallest first.
fn at_once(forms: Vec<crate::support::FormFiller>) -> Vec<u16> {
    let start = Barrier::new(forms.len());
    let start = &start;
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let sent: Vec<_> = forms
            .into_iter()
            .map(|form| {
                scope.spawn(move || {
                    start.wait();
                    form.submit().status
                })
            })
            .collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    statuses
}

#[test]
fn of_two_steps_at_once_the_second_meets_what_the_first_left() {
    // given: two people with the forms of two steps of one shipment open
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "1000");
    let fleet = fleet(&tenant, 5_000);
    let (_, ravi) = tenant.employee(Role::Manager);
    let form = |browser: &Browser, number: &str, step: &str| {
        let open = |rest: &str| browser.open(&at(&tenant, number, rest));
        match step {
            "pack" => open("/pack")
                .form("#pack")
                .fill("packed", "12")
                .fill("packages", "1"),
            "pack 7" => open("/pack")
                .form("#pack")
                .fill("packed", "7")
                .fill("packages", "1"),
            "cancel" => open("/cancel").form("#confirm").fill("reason", "At once"),
            "reopen" => open("").form("#reopen"),
            "send" => open("/send")
                .form("#send")
                .fill("vehicle", &fleet.0)
                .fill("driver", &fleet.1)
                .fill("challan_reason", "approval"),
            "deliver" => open("/deliver")
                .form("#deliver")
                .fill("received_by", "Meena"),
            "return" => open("/return").form("#confirm").fill("reason", "At once"),
            other => panic!("{other}"),
        }
    };
    for (begun, mine, theirs, both) in [
        ("picking", "pack", "pack 7", false),
        // What was packed first may be given up right after.
        ("picking", "pack 7", "cancel", true),
        ("packed", "send", "reopen", false),
        ("packed", "send", "cancel", false),
        ("out", "deliver", "deliver", false),
        ("out", "deliver", "return", false),
    ] {
        let number = pick(
            &tenant,
            &tenant.owner,
            &confirmed(&tenant, &shop, &[(soap, "12")]),
        );
        if begun != "picking" {
            pack(&tenant, &number, "12").is(303);
        }
        if begun == "out" {
            send(&tenant, &number, &fleet).is(303);
        }
        assert_eq!(status(&tenant, &number), begun);

        // when
        let forms = vec![
            form(&tenant.owner, &number, mine),
            form(&ravi, &number, theirs),
        ];
        let statuses = at_once(forms);

        // then
        assert!(
            statuses == [303, 409] || (both && statuses == [303, 303]),
            "{mine} and {theirs}: {statuses:?}"
        );
        sound(&tenant);
    }
}

#[test]
fn what_is_short_goes_back_to_open_and_is_picked_again() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let fleet = fleet(&tenant, 500);
    let first = pick(&tenant, &tenant.owner, &order);

    // when: more than there is, nothing, or no quantity at all
    for (typed, said) in [
        (
            "13",
            "Product SOAP: there are 12 to pick, so no more can be packed.",
        ),
        (
            "0",
            "Nothing is packed. If nothing is there, cancel the shipment instead.",
        ),
        ("-1", "A quantity can't be less than zero."),
        ("1.0005", "A quantity has 3 decimals at most."),
        ("a dozen", "Enter a number"),
    ] {
        let again = pack(&tenant, &first, typed);
        // then: nothing is lost, nothing has changed
        again.is(422);
        if said != "Enter a number" {
            again.shows("main", said);
        }
        assert_eq!(
            again.attribute("input[name=packed]", "value").as_deref(),
            Some(typed)
        );
        assert_eq!(status(&tenant, &first), "picking");
    }

    // when: seven are there
    pack(&tenant, &first, "7").is(303);

    // then: five are open to be picked by whoever comes next
    assert_eq!(line_of(&tenant, &order), "12 12 0 0 7");
    tenant
        .owner
        .open(&at(&tenant, &first, ""))
        .shows("td", "Short");
    send(&tenant, &first, &fleet).is(303);
    assert_eq!(line_of(&tenant, &order), "12 5 7 0 0");
    assert_eq!(stock_of(&tenant, soap), "93 5");
    assert_eq!(money(&tenant, &order), "confirmed 504.00 210.00 1 210.00 t");
    sound(&tenant);

    // when
    let second = pick(&tenant, &tenant.owner, &order);
    pack(&tenant, &second, "5").is(303);
    send(&tenant, &second, &fleet).is(303);

    // then
    assert!(second.ends_with("-00002"), "{second}");
    assert_eq!(line_of(&tenant, &order), "12 0 12 0 0");
    assert_eq!(money(&tenant, &order), "closed 504.00 0.00 0 0.00 t");
    // The customer waits until the last of them has arrived.
    deliver(&tenant, &first).is(303);
    assert_eq!(money(&tenant, &order), "closed 504.00 0.00 0 0.00 t");
    deliver(&tenant, &second).is(303);
    assert_eq!(money(&tenant, &order), "closed 504.00 0.00 0 0.00 f");
    sound(&tenant);
}

#[test]
fn what_is_billed_is_not_offered_to_be_opened_again_or_given_up() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let number = pick(
        &tenant,
        &tenant.owner,
        &confirmed(&tenant, &shop, &[(soap, "12")]),
    );
    pack(&tenant, &number, "12").is(303);
    let page = tenant.owner.open(&at(&tenant, &number, ""));
    page.shows(".actions", "Cancel shipment…")
        .shows("#bill", "–");
    assert_eq!(page.count("#reopen"), 1);

    // when
    let bill = billed(&tenant, &number);

    // then: the page leads to its bill, and offers what can be done with it
    let page = tenant.owner.open(&at(&tenant, &number, ""));
    page.shows_not(".actions", "Cancel shipment…")
        .shows(".actions", "Send out");
    assert_eq!(page.count("#reopen"), 0);
    assert_eq!(page.texts("#bill"), [bill.number.as_str()]);
    assert_eq!(
        page.attributes("#bill a", "href"),
        [tenant.path(&format!("/invoices/{}", bill.url_no))]
    );
    tenant
        .owner
        .post(&at(&tenant, &number, "/reopen"), &[])
        .is(409);
    assert_eq!(status(&tenant, &number), "packed");
}

#[test]
fn letters_of_a_shipment_name_what_it_is_billed_with() {
    // given: seven of twelve leave with a bill, the rest on approval
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let fleet = fleet(&tenant, 500);
    let first = pick(&tenant, &tenant.owner, &order);
    pack(&tenant, &first, "7").is(303);
    let bill = billed(&tenant, &first);
    send(&tenant, &first, &fleet).is(303);
    let second = pick(&tenant, &tenant.owner, &order);
    pack(&tenant, &second, "5").is(303);
    tenant
        .owner
        .open(&at(&tenant, &second, "/send"))
        .form("#send")
        .fill("vehicle", &fleet.0)
        .fill("driver", &fleet.1)
        .fill("challan_reason", "approval")
        .submit()
        .is(303);
    let letter = |number: &str| {
        let sql = format!(
            "select coalesce((select text_body from mails where tenant_id = '{}' and recipient = '{}' and kind = 'order-delivered' and subject like '%{number}%'), '') as value",
            tenant.id, tenant.owner_email
        );
        ask(tenant.app, &sql)
    };

    // when
    for number in [&first, &second] {
        tenant
            .owner
            .open(&at(&tenant, number, "/deliver"))
            .form("#deliver")
            .fill("received_by", "Meena")
            .submit()
            .is(303);
        until("the letter is written", || !letter(number).is_empty());
    }

    // then: 7 × 40 and 5 % of 12 × 40 and 5 %
    let billed = letter(&first);
    let its = format!("Its bill {} comes to ₹294.00.", bill.number);
    assert!(billed.contains(&its), "{billed}");
    assert!(
        billed.contains("The whole order with tax: ₹504.00"),
        "{billed}"
    );
    let on_approval = letter(&second);
    assert!(!on_approval.contains("Its bill"), "{on_approval}");
    assert!(
        on_approval.contains("Total with tax: ₹504.00"),
        "{on_approval}"
    );
    shop.owner
        .open(&shop.path(&tenant, &format!("/orders/{order}")))
        .shows(
            "section[aria-labelledby=parcels]",
            &format!("Bill {} · ₹294.00", bill.number),
        );
}

#[test]
fn a_shipment_is_opened_again_or_given_up_and_its_goods_can_be_picked() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let number = pick(&tenant, &tenant.owner, &order);
    pack(&tenant, &number, "7").is(303);

    // when: opened again
    let page = tenant.owner.open(&at(&tenant, &number, ""));
    page.form("#reopen").submit().is(303);

    // then: it is about the seven now
    assert_eq!(status(&tenant, &number), "picking");
    assert_eq!(line_of(&tenant, &order), "12 12 0 0 7");
    let form = tenant.owner.open(&at(&tenant, &number, "/pack"));
    assert_eq!(
        form.attribute("input[name=packed]", "value").as_deref(),
        Some("7")
    );
    sound(&tenant);

    // when: given up without a reason, then with one
    let ask = tenant.owner.open(&at(&tenant, &number, "/cancel"));
    ask.form("#confirm")
        .submit()
        .is(422)
        .shows("main", "Reason must be filled in.");
    assert_eq!(status(&tenant, &number), "picking");
    ask.form("#confirm")
        .fill("reason", "The cases are wet")
        .submit()
        .is(303);

    // then
    assert_eq!(status(&tenant, &number), "cancelled");
    assert_eq!(line_of(&tenant, &order), "12 12 0 0 0");
    assert_eq!(stock_of(&tenant, soap), "100 12");
    tenant
        .owner
        .open(&at(&tenant, &number, ""))
        .shows(".notice", "It was given up: The cases are wet");
    sound(&tenant);
    let next = pick(&tenant, &tenant.owner, &order);
    assert!(next.ends_with("-00002"), "{next}");
    sound(&tenant);
}

#[test]
fn what_comes_back_is_held_for_an_open_order_and_cancelled_on_a_closed_one() {
    // given: seven of twelve are on the road, five are open
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let fleet = fleet(&tenant, 500);
    let first = pick(&tenant, &tenant.owner, &order);
    pack(&tenant, &first, "7").is(303);
    send(&tenant, &first, &fleet).is(303);
    let come_back = |number: &str| {
        tenant
            .owner
            .open(&at(&tenant, number, "/return"))
            .form("#confirm")
            .fill("reason", "The shop was shut")
            .submit()
    };

    // when
    come_back(&first).is(303);

    // then: both sides are told
    let told = || {
        ask(
            tenant.app,
            &format!(
                "select count(*)::text as value from mails where tenant_id = '{}' and kind = 'order-returned' and subject = 'Shipment {first} of order {order} came back undelivered'",
                tenant.id
            ),
        )
    };
    until("both sides have a letter", || told() == "2");

    // and all twelve are open and held again
    assert_eq!(status(&tenant, &first), "returned");
    assert_eq!(line_of(&tenant, &order), "12 12 0 0 0");
    assert_eq!(stock_of(&tenant, soap), "100 12");
    assert_eq!(money(&tenant, &order), "confirmed 504.00 504.00 1 504.00 f");
    sound(&tenant);

    // when: all of it leaves, which closes the order, and comes back
    let second = pick(&tenant, &tenant.owner, &order);
    pack(&tenant, &second, "12").is(303);
    send(&tenant, &second, &fleet).is(303);
    assert_eq!(money(&tenant, &order), "closed 504.00 0.00 0 0.00 t");
    come_back(&second).is(303);

    // then: nothing of it will come, nothing is to be paid, and the stock is free
    assert_eq!(line_of(&tenant, &order), "12 0 0 12 0");
    assert_eq!(stock_of(&tenant, soap), "100 0");
    assert_eq!(money(&tenant, &order), "closed 0.00 0.00 0 0.00 f");
    sound(&tenant);
    come_back_again(&tenant, &second);

    // and everywhere the order says that it came back
    let number = format!("/orders/{order}");
    let (staff, buyer) = (&tenant.owner, &shop.owner);
    let export = staff.get(&tenant.path("/orders/export?format=csv"));
    assert!(export.html.contains("Came back"), "{}", export.html);
    let pages = [
        staff.open(&tenant.path(&number)),
        staff.open(&tenant.path("/orders")),
        staff.open(&tenant.path("/")),
        buyer.open(&shop.path(&tenant, &number)),
        buyer.open(&shop.path(&tenant, "/orders")),
        buyer.open(&shop.path(&tenant, "/")),
    ];
    for page in &pages {
        page.is(200)
            .shows(".pill", "Came back")
            .shows_not(".pill", "Delivered");
    }
    pages[3]
        .shows(".steps .done", "Came back")
        .shows_not(".steps", "Delivered");
}

#[test]
fn an_order_says_the_same_of_itself_everywhere() {
    for (status, word) in [
        (Status::Picking, "Picking"),
        (Status::Packed, "Packed"),
        (Status::Out, "Out for delivery"),
    ] {
        // given
        let tenant = tenant();
        let shop = shop_of(&tenant);
        let soap = goods(&tenant, "SOAP", "40", "100");
        let shipment = shipment(&tenant, &shop, soap, status);
        let order = ask(
            tenant.app,
            &format!(
                "select o.number as value from shipments s join orders o on o.tenant_id = s.tenant_id and o.id = s.order_id
                   where s.tenant_id = '{}' and s.number = '{shipment}'",
                tenant.id
            ),
        );

        // when, then
        let number = format!("/orders/{order}");
        for page in [
            tenant.owner.open(&tenant.path(&number)),
            tenant.owner.open(&tenant.path("/orders")),
            tenant.owner.open(&tenant.path("/")),
            shop.owner.open(&shop.path(&tenant, &number)),
            shop.owner.open(&shop.path(&tenant, "/orders")),
            shop.owner.open(&shop.path(&tenant, "/")),
        ] {
            page.is(200).shows(".pill", word);
        }
        let export = tenant.owner.get(&tenant.path("/orders/export?format=csv"));
        assert!(export.html.contains(word), "{}", export.html);
    }
}

/// What has come back can't come back again.
fn come_back_again(tenant: &Tenant, number: &str) {
    let refused = tenant
        .owner
        .post(&at(tenant, number, "/return"), &[("reason", "Again")]);
    refused.is(409).shows(
        "body",
        &format!("{number}: Came back. Only a shipment on the road can come back."),
    );
    sound(tenant);
}

#[test]
fn another_reason_is_said_in_words_and_the_challan_prints_it() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let truck = fleet(&tenant, 5_000);
    let packed = || {
        let order = confirmed(&tenant, &shop, &[(soap, "12")]);
        let number = pick(&tenant, &tenant.owner, &order);
        pack(&tenant, &number, "12").is(303);
        number
    };
    let form = |number: &str, reason: &str| {
        tenant
            .owner
            .open(&at(&tenant, number, "/send"))
            .form("#send")
            .fill("vehicle", &truck.0)
            .fill("driver", &truck.1)
            .fill("challan_reason", reason)
    };
    let (fair, samples) = (packed(), packed());

    // when: without words
    let refused = form(&fair, "other").fill("challan_words", " ").submit();

    // then: refused beside the field, with what was chosen
    refused.is(422).shows(
        "#challan_words-e",
        "Write why it leaves without its invoice: the challan prints it.",
    );
    assert_eq!(
        refused
            .attribute("#challan_reason option[selected]", "value")
            .as_deref(),
        Some("other")
    );
    assert_eq!(status(&tenant, &fair), "packed");

    // when: with words; and with a reason that says enough by itself
    refused
        .form("#send")
        .fill("challan_words", "Trade fair")
        .submit()
        .is(303);
    form(&samples, "sample").submit().is(303);

    // then: the paper says it, on the screen and printed
    for (number, words) in [(&fair, "Trade fair"), (&samples, "Samples")] {
        tenant
            .owner
            .open(&at(&tenant, number, "/challan"))
            .is(200)
            .shows(".sheet .kind dd", words);
        let (code, _, bytes) = tenant.owner.bytes(&at(&tenant, number, "/challan/pdf"));
        assert_eq!(code, 200);
        let printed = pdf::text(&bytes);
        assert!(printed.contains(words), "{printed}");
    }
    sound(&tenant);
}

#[test]
fn an_overload_is_said_with_its_excess_and_goes_only_when_it_is_known() {
    // given: six kilograms for a scooter that carries four
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let scooter = fleet(&tenant, 4);
    let number = pick(&tenant, &tenant.owner, &order);
    pack(&tenant, &number, "12").is(303);

    // when
    let warned = send(&tenant, &number, &scooter);

    // then: nothing has left
    warned.is(422).shows(".error", "would carry 2 kg too much");
    assert_eq!(status(&tenant, &number), "packed");
    assert_eq!(stock_of(&tenant, soap), "100 12");

    // when: whoever sends it knows
    warned.form("#send").fill("overload", "on").submit().is(303);

    // then
    assert_eq!(status(&tenant, &number), "out");
    assert_eq!(stock_of(&tenant, soap), "88 0");
    sound(&tenant);
}

#[test]
fn a_vehicle_that_is_out_of_use_or_somebody_elses_takes_nothing() {
    // given
    let (tenant, rival) = (tenant(), crate::support::tenant());
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let (ours, theirs) = (fleet(&tenant, 500), fleet(&rival, 500));
    let number = pick(&tenant, &tenant.owner, &order);
    pack(&tenant, &number, "12").is(303);
    billed(&tenant, &number);
    let day = tenant
        .owner
        .open(&at(&tenant, &number, "/send"))
        .attribute("#expected_on", "value")
        .unwrap();

    // when, then
    let sent = |vehicle: &str, driver: &str| {
        let fields = [
            ("vehicle", vehicle),
            ("driver", driver),
            ("expected_on", day.as_str()),
        ];
        tenant.owner.post(&at(&tenant, &number, "/send"), &fields)
    };
    sent(&theirs.0, &ours.1).is(422);
    sent(&ours.0, &theirs.1).is(422);
    sent("", "").is(422).shows(".error", "Choose a vehicle.");
    run(
        tenant.app,
        &format!(
            "update vehicles set is_active = false where id = '{}'",
            ours.0
        ),
    );
    sent(&ours.0, &ours.1)
        .is(422)
        .shows(".error", "Choose a vehicle and a driver from the list.");
    assert_eq!(status(&tenant, &number), "packed");
    run(
        tenant.app,
        &format!(
            "update vehicles set is_active = true where id = '{}'",
            ours.0
        ),
    );
    sent(&ours.0, &ours.1).is(303);
    sound(&tenant);
}

#[test]
fn only_a_confirmed_order_is_picked() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = placed(&tenant, &shop, &[(soap, "12")]);
    let path = tenant.path(&format!("/orders/{order}/pick"));

    // when, then
    tenant.owner.post(&path, &[]).is(409).shows(
        "body",
        &format!("{order} waits to be confirmed. Only a confirmed order can be picked."),
    );
    assert_eq!(line_of(&tenant, &order), "12 12 0 0 0");
    tenant
        .owner
        .post(&tenant.path("/orders/SO-99-00001/pick"), &[])
        .is(404);
    sound(&tenant);
}

#[test]
fn a_rival_finds_nothing_and_a_role_does_what_it_may() {
    // given
    let (tenant, rival) = (tenant(), crate::support::tenant());
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let number = pick(&tenant, &tenant.owner, &order);
    let (_, driver) = tenant.employee(Role::Driver);
    let (_, sales) = tenant.employee(Role::Sales);

    // when, then
    for rest in [
        "",
        "/pack",
        "/pick-list",
        "/cancel",
        "/send",
        "/challan",
        "/deliver",
        "/return",
    ] {
        rival.owner.get(&at(&rival, &number, rest)).is(404);
        rival.owner.get(&at(&tenant, &number, rest)).is(404);
    }
    for rest in [
        "/pack", "/reopen", "/cancel", "/send", "/deliver", "/return",
    ] {
        rival.owner.post(&at(&rival, &number, rest), &[]).is(404);
    }
    rival
        .owner
        .post(&rival.path(&format!("/orders/{order}/pick")), &[])
        .is(404);
    driver.get(&at(&tenant, &number, "")).is(200);
    driver.get(&at(&tenant, &number, "/pack")).is(403);
    driver.get(&tenant.path("/drive")).is(200);
    sales
        .post(&tenant.path(&format!("/orders/{order}/pick")), &[])
        .is(403);
    assert_eq!(status(&tenant, &number), "picking");
    sound(&tenant);
}

#[test]
fn a_pick_run_sums_by_product_and_says_what_goes_where() {
    // given
    let tenant = tenant();
    let (one, two) = (shop_of(&tenant), shop_of(&tenant));
    let (soap, oil) = (
        goods(&tenant, "SOAP", "40", "100"),
        goods(&tenant, "OIL", "90", "100"),
    );
    let first = pick(
        &tenant,
        &tenant.owner,
        &confirmed(&tenant, &one, &[(soap, "12"), (oil, "3")]),
    );
    let second = pick(
        &tenant,
        &tenant.owner,
        &confirmed(&tenant, &two, &[(soap, "5")]),
    );

    // when
    let list = tenant.owner.open(&tenant.path("/shipments"));
    let ids = list.attributes("#runs input[name=id]", "value");
    assert_eq!(ids.len(), 2);
    let run = tenant
        .owner
        .open(&tenant.path(&format!("/shipments/pick-list?id={}&id={}", ids[0], ids[1])));

    // then: by product code, the sum first
    run.is(200)
        .shows(".sheet li", &first)
        .shows(".sheet li", &second);
    let codes: Vec<String> = run.texts(".sheet tbody td:nth-child(2)");
    assert_eq!(codes, ["OIL", "SOAP"]);
    assert_eq!(
        run.texts(".sheet tbody td:nth-child(4)"),
        ["3 PCS", "17 PCS"]
    );
    assert_eq!(run.texts(".sheet tbody td:nth-child(5)"), ["3", "12"]);
    assert_eq!(run.texts(".sheet tbody td:nth-child(6)"), ["", "5"]);
    let rival = crate::support::tenant();
    let theirs = rival
        .owner
        .open(&rival.path(&format!("/shipments/pick-list?id={}", ids[0])));
    theirs.shows("h2", "Nothing to pick");
}

#[test]
fn the_list_is_searched_and_filtered() {
    // given
    let tenant = tenant();
    let (one, two) = (shop_of(&tenant), shop_of(&tenant));
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &one, &[(soap, "12")]);
    let fleet = fleet(&tenant, 500);
    let first = pick(&tenant, &tenant.owner, &order);
    let second = pick(
        &tenant,
        &tenant.owner,
        &confirmed(&tenant, &two, &[(soap, "5")]),
    );
    pack(&tenant, &first, "12").is(303);
    send(&tenant, &first, &fleet).is(303);

    // when, then
    let found = |query: &str| {
        let page = tenant
            .owner
            .open(&tenant.path(&format!("/shipments{query}")));
        page.is(200);
        page.texts("#list tbody th a")
    };
    assert_eq!(found(""), [second.clone(), first.clone()]);
    assert_eq!(found(&format!("?q={order}")), vec![first.clone()]);
    assert_eq!(found(&format!("?q={second}")), vec![second.clone()]);
    assert_eq!(found("?q=00002"), vec![second.clone()]);
    assert_eq!(found("?status=out"), vec![first.clone()]);
    assert_eq!(found(&format!("?vehicle={}", fleet.0)), vec![first.clone()]);
    assert_eq!(found("?day=2020-01-01"), Vec::<String>::new());
    let (status, _, bytes) = tenant
        .owner
        .bytes(&tenant.path("/shipments/export?format=csv"));
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!((status, text.lines().count()), (200, 3));
    assert!(text.contains(&first) && text.contains(&second), "{text}");
}

#[test]
fn a_driver_delivers_from_the_phone() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let fleet = fleet(&tenant, 500);
    let number = pick(&tenant, &tenant.owner, &order);
    pack(&tenant, &number, "12").is(303);
    send(&tenant, &number, &fleet).is(303);
    let (_, driver) = tenant.employee(Role::Driver);

    // when
    let stops = driver.open(&tenant.path("/drive"));
    stops.shows("main", &number).shows("main", "7 Market Road");
    let form = driver.open(&tenant.path(&format!("/drive/{number}")));
    let again = form.form("#deliver").submit();
    again
        .is(422)
        .shows(".error", "Received by must be filled in.");
    assert_eq!(status(&tenant, &number), "out");
    form.form("#deliver")
        .fill("received_by", "Meena")
        .submit()
        .is(303);

    // then
    assert_eq!(status(&tenant, &number), "delivered");
    driver
        .open(&tenant.path("/drive"))
        .shows("h2", "Nothing is on the road");
    driver
        .get(&tenant.path(&format!("/drive/{number}")))
        .is(409)
        .shows("body", "Only a shipment on the road can be delivered.");
    sound(&tenant);
}

#[test]
fn vehicles_and_drivers_are_added_changed_and_taken_out_of_use() {
    // given
    let (tenant, rival) = (tenant(), crate::support::tenant());
    let add = |plate: &str| {
        tenant
            .owner
            .open(&tenant.path("/vehicles/new"))
            .form("#fleet")
            .fill("registration_no", plate)
            .fill("name", "Big truck")
            .fill("capacity_kg", "1,500")
            .submit()
    };

    // when, then
    add("??").is(422).shows(
        ".error",
        "A registration number has 7 to 12 letters and digits",
    );
    // The authority takes no e-way bill for what is too short to be a whole number.
    add("KL 07").is(422);
    add("tn 09 ab 1234").is(303);
    add("TN09AB1234").is(422).shows(
        ".error",
        "A vehicle with this number is in the list already.",
    );
    let list = tenant.owner.open(&tenant.path("/vehicles"));
    list.shows("tbody", "TN09AB1234")
        .shows("tbody", "1,500 kg")
        .shows(".pill", "In use");
    let vehicle = list.click("Big truck");
    rival
        .owner
        .get(&vehicle.path.replace(&tenant.slug, &rival.slug))
        .is(404);
    let mut off = vehicle.form("#fleet").fill("name", "Old truck");
    off = off.forge("active", "");
    off.submit().is(303);
    vehicle
        .form("#fleet")
        .fill("name", "Other truck")
        .submit()
        .is(422)
        .shows("#conflict", "Somebody else saved this meanwhile.")
        .shows("main", "Saved meanwhile: Old truck");
    tenant
        .owner
        .open(&tenant.path("/vehicles?state=off"))
        .shows("tbody", "Old truck")
        .shows(".pill", "Not in use");
    let driver = tenant.owner.open(&tenant.path("/drivers/new"));
    driver.form("#fleet").fill("name", "").submit().is(422);
    driver
        .form("#fleet")
        .fill("name", "Mani V.")
        .fill("phone", "98400 00012")
        .submit()
        .is(303);
    tenant
        .owner
        .open(&tenant.path("/drivers"))
        .click("Mani V.")
        .is(200)
        .shows("h1", "Mani V.");
}

#[test]
fn a_step_is_allowed_in_code_in_sql_and_by_the_table_alike() {
    // given: a shipment in each state, as only an impossible history could leave it
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let (vehicle, driver) = fleet(&tenant, 500);
    let number = pick(&tenant, &tenant.owner, &order);
    let mut owner = tenant.app.owner();
    for was in Status::ALL {
        for becomes in Status::ALL {
            let set = |status: &Status| {
                let is_end = matches!(
                    status,
                    Status::Delivered | Status::Returned | Status::Cancelled
                );
                format!(
                    "update shipments set status = '{status}', packages = 1, packed_at = now(), out_at = now(), papers = 'challan', challan_reason = 'other', challan_no = 'DC/1', vehicle_id = '{vehicle}', driver_id = '{driver}',
                       received_by = 'Meena', end_reason = 'Why', ended_at = {} where tenant_id = '{}' and number = '{number}'",
                    if is_end { "now()" } else { "null" },
                    tenant.id
                )
            };
            owner
                .batch_execute(&format!(
                    "alter table shipments disable trigger steps; {}; alter table shipments enable trigger steps",
                    set(was)
                ))
                .unwrap();

            // when
            let in_code = was == becomes || rules::step(&number, *was, *becomes).is_ok();
            let in_sql = ask(
                tenant.app,
                &format!("select may_step('shipment', '{was}', '{becomes}')::text as value"),
            );
            let by_table = owner.batch_execute(&set(becomes));

            // then
            assert_eq!(in_sql == "true", in_code, "{was} to {becomes}");
            assert_eq!(
                by_table.is_ok(),
                in_code,
                "{was} to {becomes}: {by_table:?}"
            );
        }
    }
}

#[test]
fn forbidden_steps_are_refused_in_words() {
    // given: one that is picked, one that is out
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    let fleet = fleet(&tenant, 500);
    let number = pick(&tenant, &tenant.owner, &order);
    let post = |rest: &str, fields: &[(&str, &str)]| {
        tenant.owner.post(&at(&tenant, &number, rest), fields)
    };
    let day = (chrono::Utc::now() + chrono::Duration::days(2))
        .date_naive()
        .to_string();
    let sending = [
        ("vehicle", fleet.0.as_str()),
        ("driver", fleet.1.as_str()),
        ("expected_on", day.as_str()),
    ];

    // when, then: not before it is packed
    post("/send", &sending).is(409).shows(
        "body",
        "Being picked. Only a packed shipment can be sent out.",
    );
    post("/deliver", &[("received_by", "Meena")])
        .is(409)
        .shows("body", "Only a shipment on the road can be delivered.");
    post("/return", &[("reason", "Why")]).is(409);
    post("/reopen", &[])
        .is(409)
        .shows("body", "Only a packed shipment can be opened again.");
    for rest in ["/send", "/deliver", "/return"] {
        tenant.owner.get(&at(&tenant, &number, rest)).is(409);
    }
    assert_eq!(status(&tenant, &number), "picking");

    // when, then: not after it has left
    pack(&tenant, &number, "12").is(303);
    send(&tenant, &number, &fleet).is(303);
    post("/cancel", &[("reason", "Why")]).is(409).shows(
        "body",
        "Only a shipment that has not left can be cancelled.",
    );
    post("/reopen", &[]).is(409);
    for rest in ["/pack", "/cancel", "/send"] {
        tenant.owner.get(&at(&tenant, &number, rest)).is(409);
    }
    assert_eq!(status(&tenant, &number), "out");
    assert_eq!(stock_of(&tenant, soap), "88 0");
    sound(&tenant);
}
