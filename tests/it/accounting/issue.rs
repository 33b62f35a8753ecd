//! Issuing: numbers without gaps, documents that never change, nothing billed twice.

use crate::support::billing::{Company, Packed};
use crate::support::{FormFiller, app, ask, tenant, trade};
use mandi::accounting::actions::{
    CancelCode, Correcting, Issued, Issuing, Part, What, cancel, credit, debit, issue,
};
use mandi::accounting::model::{Document, DocumentLine};
use mandi::accounting::rules::document::{Kind, Reason};
use mandi::error::AppError;
use mandi::kernel::language::Lang;
use mandi::kernel::money::Money;
use mandi::platform::db::{Db, Member, Meter, Scope};
use std::thread;

fn plain(shipment: &str) -> Issuing {
    Issuing {
        shipment: shipment.to_owned(),
        ..Issuing::default()
    }
}

pub fn rice<'a>(quantity: &'a str) -> Packed<'a> {
    Packed {
        hsn: "100630",
        unit: "KGS",
        quantity,
        price: "40",
        includes_tax: false,
    }
}

pub fn company() -> (Company, uuid::Uuid) {
    let company = Company::new(app(), None);
    company.rate("100630", "5", "0", "0", "taxable");
    let customer = company.customer("unregistered", None, "33");
    (company, customer)
}

fn try_write<T>(
    company: &Company,
    db: &Db,
    work: impl FnOnce(&mut Scope) -> Result<T, AppError>,
) -> Result<T, AppError> {
    db.write(&Member::system(company.id, "test"), &Meter::default(), work)
}

fn write<T>(company: &Company, work: impl FnOnce(&mut Scope) -> Result<T, AppError>) -> T {
    try_write(company, &app().state.db, work).unwrap()
}

fn issued(company: &Company, shipment: &str) -> Issued {
    write(company, |scope| {
        issue(scope, "Asha Owner", &plain(shipment))
    })
    .unwrap()
}

pub fn value(sql: &str) -> String {
    ask(app(), sql)
}

/// The same at some database's clock, which may refuse it.
pub fn issued_at(company: &Company, db: &Db, shipment: &str) -> Result<Issued, AppError> {
    try_write(company, db, |scope| {
        issue(scope, "Asha Owner", &plain(shipment))
    })
    .map(Result::unwrap)
}

fn refusal<T: std::fmt::Debug>(result: Result<T, AppError>) -> String {
    match result {
        Err(AppError::Refused(said)) => said.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bill_counts_once_and_its_shipment_knows_it() {
    let (company, customer) = company();
    let shipment = company.shipment(customer, None, &[rice("10")]);
    let before = format!(
        "select concat_ws(' ', open_amount, balance) as value from customer_accounts where id = '{customer}'"
    );
    assert_eq!(value(&before), "400.00 0.00");

    let bill = issued(&company, &shipment);

    assert_eq!(
        (bill.kind, bill.total),
        (Kind::Invoice, Money::from_rupees(420))
    );
    assert_eq!(value(&before), "0.00 420.00");
    let line = format!(
        "select concat_ws(' ', l.billed_qty::float, l.open_qty::float, s.invoiced_qty::float, h.invoice_id = '{}') as value
           from order_lines l join shipment_lines s on s.order_line_id = l.id join shipments h on h.id = s.shipment_id where h.number = '{shipment}' and h.tenant_id = '{}'",
        bill.id, company.id
    );
    assert_eq!(value(&line), "10 10 10 t");
    let again = refusal(try_write(&company, &app().state.db, |scope| {
        issue(scope, "Asha Owner", &plain(&shipment))
    }));
    assert_eq!(
        again,
        format!("{shipment} is billed already: {}.", bill.number)
    );
}

#[test]
fn a_hundred_bills_at_once_take_a_hundred_numbers_and_one_that_fails_leaves_no_gap() {
    let (company, customer) = company();
    let shipments: Vec<String> = (0..100)
        .map(|_| company.shipment(customer, None, &[rice("1")]))
        .collect();
    let none = company.shipment(
        customer,
        None,
        &[Packed {
            hsn: "99999999",
            ..rice("1")
        }],
    );
    thread::scope(|threads| {
        for part in shipments.chunks(13) {
            let (company, none) = (&company, &none);
            threads.spawn(move || {
                for shipment in part {
                    // Connections are fewer than clerks: who finds none waits and comes again.
                    while let Err(error) = try_write(company, &app().state.db, |scope| {
                        issue(scope, "Asha Owner", &plain(shipment))
                    }) {
                        assert!(matches!(error, AppError::Busy), "{error:?}");
                    }
                    let failed = try_write(company, &app().state.db, |scope| {
                        issue(scope, "Asha Owner", &plain(none))
                    });
                    assert!(
                        matches!(failed, Ok(Err(_)) | Err(AppError::Busy)),
                        "{failed:?}"
                    );
                }
            });
        }
    });
    let numbers = format!(
        "select concat_ws(' ', count(*), min(sequence), max(sequence), count(distinct number), (select max(last) from document_counters where tenant_id = d.tenant_id)) as value
           from documents d where tenant_id = '{}' group by tenant_id",
        company.id
    );
    assert_eq!(value(&numbers), "100 1 100 100 100");
}

#[test]
fn two_clerks_bill_one_shipment_once() {
    let (company, customer) = company();
    let shipment = company.shipment(customer, None, &[rice("1")]);
    let results: Vec<_> = thread::scope(|threads| {
        let clerks: Vec<_> = (0..4)
            .map(|_| {
                threads.spawn(|| {
                    try_write(&company, &app().state.db, |scope| {
                        issue(scope, "Asha Owner", &plain(&shipment))
                    })
                })
            })
            .collect();
        clerks
            .into_iter()
            .map(|clerk| clerk.join().unwrap())
            .collect()
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for result in results {
        if let Err(error) = result {
            assert!(
                matches!(error, AppError::Refused(_) | AppError::Busy),
                "{error:?}"
            );
        }
    }
    let count = format!(
        "select count(*)::text as value from documents where tenant_id = '{}'",
        company.id
    );
    assert_eq!(value(&count), "1");
}

#[test]
fn an_issued_document_never_changes() {
    let (company, customer) = company();
    let shipment = company.shipment(customer, None, &[rice("10")]);
    let bill = issued(&company, &shipment);
    let refuses = |sql: &str, why: &str| {
        let mut owner = app().owner();
        let sql = sql.replace("{id}", &bill.id.to_string());
        let error = diesel::connection::SimpleConnection::batch_execute(&mut owner, &sql);
        let said = error.expect_err(&sql).to_string();
        assert!(said.contains(why), "{sql}: {said}");
    };
    refuses(
        "update documents set total = total + 1, round_off = 0.5 where id = '{id}'",
        "can't be changed",
    );
    refuses(
        "update documents set document_date = document_date - 1 where id = '{id}'",
        "can't be changed",
    );
    refuses(
        "update documents set parties = '{}' where id = '{id}'",
        "can't be changed",
    );
    refuses(
        "delete from documents where id = '{id}'",
        "can't be deleted",
    );
    refuses(
        "update document_lines set quantity = 1 where document_id = '{id}'",
        "",
    );
    refuses("delete from document_lines where document_id = '{id}'", "");
    // Its rows can't grow either: a line more is not what the document says.
    let one_more = "insert into document_lines (tenant_id, id, document_id, kind, customer_id, position, name, hsn, unit, quantity, price, net_price, gross, treatment, tax_rate, taxable, cgst, sgst, total, created_at)
       select tenant_id, gen_random_uuid(), {document}, kind, customer_id, 2, name, hsn, unit, quantity, price, net_price, gross, treatment, tax_rate, taxable, cgst, sgst, total, created_at
         from document_lines where document_id = '{id}'";
    refuses(
        &one_more.replace("{document}", "document_id"),
        "takes no more lines",
    );
    // The same line of a document that is not there yet gets further: as far as the key, which is asked when the transaction ends.
    refuses(
        &one_more.replace("{document}", "gen_random_uuid()"),
        "violates foreign key constraint",
    );
    let lines = value(&format!(
        "select count(*)::text as value from document_lines where tenant_id = '{}'",
        company.id
    ));
    assert_eq!(lines, "1");
    refuses(
        "update shipment_lines set packed_qty = 9 where shipment_id = (select shipment_id from documents where id = '{id}')",
        "shipment_lines_invoiced_were_sent",
    );
    refuses(
        "update shipment_lines set returned_qty = 1 where shipment_id = (select shipment_id from documents where id = '{id}')",
        "shipment_lines_invoiced_were_sent",
    );
    refuses(
        "update shipments set status = 'out', out_at = now(), invoice_id = null where id = (select shipment_id from documents where id = '{id}')",
        "shipments_out_have_papers",
    );
}

#[test]
fn a_large_sale_to_a_buyer_without_gstin_names_where_the_buyer_is() {
    // given: goods of ₹49,999.99 and of ₹50,000.00 before tax, and a buyer of whom no address is known any more
    let (company, customer) = company();
    let sold_at = |price| {
        let goods = Packed { price, ..rice("1") };
        company.shipment(customer, None, &[goods])
    };
    let (below, from) = (sold_at("49999.99"), sold_at("50000.00"));
    let has_address = |is_active: bool| {
        company.run(&format!(
            "update customer_addresses set is_active = {is_active} where tenant_id = '{}'",
            company.id
        ));
    };
    has_address(false);

    // when
    let small = issued(&company, &below);
    let refused = write(&company, |scope| issue(scope, "Asha Owner", &plain(&from)));

    // then: rule 46(e) begins at fifty thousand rupees
    assert_eq!(small.total, Money::from_rupees(52_500));
    let faults = refused.unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(faults[0].field, "address");
    assert!(faults[0].link.starts_with("/customers/B"), "{faults:?}");
    assert_eq!(
        Lang::En.say(&faults[0].said),
        "An invoice of ₹50,000.00 or more before tax to a buyer without GSTIN shows the buyer's address and state (rule 46(e)). This one is of ₹50,000.00, and Example Retail Stores Private Limited has no address."
    );
    let bills = format!(
        "select count(*)::text as value from documents where tenant_id = '{}'",
        company.id
    );
    assert_eq!(value(&bills), "1");

    // and with the address it is issued
    has_address(true);
    assert_eq!(issued(&company, &from).total, Money::from_rupees(52_500));
    assert_eq!(value(&bills), "2");
}

#[test]
fn a_whole_credit_mirrors_the_bill_and_a_part_takes_its_share() {
    let (company, customer) = company();
    let shipment = company.shipment(customer, None, &[rice("10"), rice("3")]);
    let bill = issued(&company, &shipment);
    assert_eq!(bill.total, Money::from_rupees(546));
    let note = |how: Correcting| {
        write(&company, |scope| {
            let document = Document::by_id(scope, bill.id)?;
            credit(
                scope,
                "Asha Owner",
                &document,
                &how,
                (Reason::Price, "Agreed"),
            )
        })
    };
    let lines = write(&company, |scope| DocumentLine::find(scope, bill.id));
    let part = |at: usize, what: What| {
        Correcting::Lines(vec![Part {
            line: lines[at].id,
            what,
        }])
    };

    let four = note(part(0, What::Units("4".parse().unwrap()))).unwrap();
    assert_eq!(
        (four.number.as_str().get(..3), four.total),
        (Some("CN/"), Money::from_rupees(168))
    );
    let cheaper = note(part(1, What::Price(Money::from_rupees(10)))).unwrap();
    // Thirty rupees before tax, 31.50 with it, rounded to the rupee.
    assert_eq!(cheaper.total, Money::from_rupees(32));
    let too_many = note(part(0, What::Units("7".parse().unwrap()))).unwrap_err();
    assert_eq!(
        too_many.to_string(),
        "7 is not between 1 and the 6 that are left to credit."
    );
    let rest = note(Correcting::Whole).unwrap();
    assert_eq!(rest.total, Money::from_rupees(546 - 168 - 32));
    assert_eq!(
        note(Correcting::Whole).unwrap_err().to_string(),
        "Nothing is left to credit."
    );

    let account =
        format!("select balance::text as value from customer_accounts where id = '{customer}'");
    assert_eq!(value(&account), "0.00");
    let open =
        format!("select sum(open)::text as value from open_items where customer_id = '{customer}'");
    assert_eq!(value(&open), "0.00");
    let counted = format!(
        "select string_agg(concat_ws(' ', invoiced_qty::float, credited_qty::float), ',' order by position) as value from shipment_lines l
           where shipment_id = (select shipment_id from documents where id = '{}')",
        bill.id
    );
    assert_eq!(value(&counted), "10 10,3 3");
}

#[test]
fn a_debit_note_asks_for_more_and_counts_no_units() {
    let (company, customer) = company();
    let shipment = company.shipment(customer, None, &[rice("10")]);
    let bill = issued(&company, &shipment);
    let more = write(&company, |scope| {
        let document = Document::by_id(scope, bill.id)?;
        let line = DocumentLine::find(scope, bill.id)?[0].id;
        let parts = [Part {
            line,
            what: What::Price(Money::from_rupees(2)),
        }];
        debit(
            scope,
            "Asha Owner",
            &document,
            &parts,
            (Reason::Price, "Agreed"),
        )
    })
    .unwrap();
    assert_eq!(
        (more.kind, more.total),
        (Kind::DebitNote, Money::from_rupees(21))
    );
    let account =
        format!("select balance::text as value from customer_accounts where id = '{customer}'");
    assert_eq!(value(&account), "441.00");
}

#[test]
fn a_bill_is_cancelled_before_it_leaves_and_its_number_stays() {
    let (company, customer) = company();
    let shipment = company.shipment(customer, None, &[rice("10")]);
    let bill = issued(&company, &shipment);
    write(&company, |scope| {
        cancel(
            scope,
            "Asha Owner",
            bill.id,
            CancelCode::Mistake,
            "Wrong price",
        )
    });
    let books = format!(
        "select concat_ws(' ', a.open_amount, a.balance, (select billed_qty::float from order_lines l where l.customer_id = a.id), (select coalesce(invoice_id::text, 'none') from shipments s where s.customer_id = a.id),
            (select sum(open) from open_items i where i.customer_id = a.id)) as value from customer_accounts a where a.id = '{customer}'"
    );
    assert_eq!(value(&books), "400.00 0.00 0 none 0.00");
    let again = issued(&company, &shipment);
    assert_eq!(again.number, bill.number.replace("00001", "00002"));
    let twice = try_write(&company, &app().state.db, |scope| {
        cancel(
            scope,
            "Asha Owner",
            bill.id,
            CancelCode::Mistake,
            "Wrong price",
        )
    });
    assert_eq!(
        refusal(twice),
        format!("{} is cancelled already.", bill.number)
    );
    // What is credited in part can't be cancelled any more.
    write(&company, |scope| {
        let document = Document::by_id(scope, again.id)?;
        let line = DocumentLine::find(scope, again.id)?[0].id;
        let parts = vec![Part {
            line,
            what: What::Units("1".parse().unwrap()),
        }];
        credit(
            scope,
            "Asha Owner",
            &document,
            &Correcting::Lines(parts),
            (Reason::Return, "One"),
        )
    })
    .unwrap();
    let paid = try_write(&company, &app().state.db, |scope| {
        cancel(
            scope,
            "Asha Owner",
            again.id,
            CancelCode::Mistake,
            "Wrong price",
        )
    });
    assert_eq!(
        refusal(paid),
        format!(
            "₹42.00 of {} is paid or credited. Write a credit note.",
            again.number
        )
    );
}

#[test]
fn all_that_is_wrong_with_an_invoice_is_said_at_once_and_counted() {
    // given: twelve units are packed
    let tenant = tenant();
    let shop = trade::shop_of(&tenant);
    let soap = trade::goods(&tenant, "SOAP", "40", "100");
    let order = trade::confirmed(&tenant, &shop, &[(soap, "12")]);
    let shipment = trade::packed(&tenant, &order);
    let page = tenant
        .owner
        .open(&tenant.path(&format!("/invoices/new?shipment={shipment}")));
    let sent = |changes: &[(&str, &str)]| {
        let form = page.form("#issue");
        let fill = |form: FormFiller, (name, value): &(&str, &str)| form.fill(name, value);
        changes.iter().fold(form, fill).submit()
    };

    // when: more is free than was packed, and two amounts are none
    let typed = [
        ("free", "9999"),
        ("discount", "few"),
        ("other_charges", "some"),
    ];
    let answer = sent(&typed);

    // then: each is said beside its field, the summary leads to each, and nothing typed is lost
    answer
        .is(422)
        .shows("#errors", "There are 3 problems")
        .shows("#issue .error", "Free units: Of Product SOAP")
        .shows("#other_charges-e", "");
    let links = answer.attributes("#errors a", "href");
    assert_eq!(links.len(), 3);
    for link in links {
        let id = format!("#issue [id='{}']", link.trim_start_matches('#'));
        assert_eq!(answer.count(&id), 1, "{link}");
    }
    let kept = answer.form("#issue").fields;
    for (name, value) in typed {
        assert!(
            kept.contains(&(name.to_owned(), value.to_owned())),
            "{name}"
        );
    }

    // when, then: all of it free is the one thing that is wrong, and its line stays
    let answer = sent(&[("free", "12")]);
    answer
        .is(422)
        .shows("#errors", "1 problem")
        .shows("#errors", "Of Product SOAP at least one unit");
    assert_eq!(answer.count(".notice.bad"), 0);
    assert_eq!(answer.count("#issue .typed tbody input[name=line]"), 1);

    // when, then: what can be done is shown before it is issued, which is no problem
    let answer = sent(&[("free", "2")]);
    answer.is(422).shows(
        ".notice[role=status]",
        "It comes to ₹420.00 now, not ₹504.00",
    );
    assert_eq!(answer.count("#errors"), 0);
    assert_eq!(answer.count(".notice.bad"), 0);
    answer.form("#issue").submit().is(303);
}
