//! The arithmetic of tax documents: cases that somebody else worked out, and what holds for all.

use crate::support::gst_cases::{CASES, Case, discount};
use mandi::kernel::money::{Money, UnitPrice};
use mandi::kernel::quantity::Quantity;
use mandi::tax::bill::{
    BillLine, BillSums, Billed, Credited, Discount, LineSums, RoundOff, Terms, Whole, bill,
    main_hsn, share, units_back, value_back, value_more,
};
use mandi::tax::rules::{Half, Nature, Rate, Treatment, line};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn rate(gst: &str) -> Rate {
    Rate {
        gst: gst.parse().unwrap(),
        cess: Decimal::ZERO,
        cess_per_unit: Decimal::ZERO,
        treatment: Treatment::Taxable,
    }
}

fn price(value: Decimal) -> UnitPrice {
    value.to_string().parse().unwrap()
}

fn terms_of(case: &Case) -> Terms {
    let input = &case.input;
    let nature = match case.expected.tax_heads.join(" ").as_str() {
        "IGST" => Nature::Inter,
        "CGST SGST" => Nature::Intra(Half::Sgst),
        "CGST UTGST" => Nature::Intra(Half::Utgst),
        other => panic!("{other}"),
    };
    let whole = input.invoice_discount.as_ref().map(|whole| {
        let off = discount(&whole.kind, whole.value);
        match whole.timing.as_str() {
            "pre_tax" => Whole::BeforeTax(off),
            "post_tax" => Whole::AfterTax(off),
            other => panic!("{other}"),
        }
    });
    Terms {
        nature,
        is_without_payment: input.zero_rated_payment.as_deref() == Some("without"),
        is_reverse_charge: input.reverse_charge,
        fx: input.fx.as_ref().map(|fx| fx.rate),
        whole: whole.unwrap_or_default(),
        other_charges: Money::rounded(input.other_charges.unwrap_or_default()),
        round_off: match input.round_off.as_str() {
            "nearest_rupee" => RoundOff::Rupee,
            _ => RoundOff::Exact,
        },
    }
}

fn lines_of(case: &Case) -> Vec<BillLine> {
    let lines = case.input.lines.iter();
    lines
        .map(|line| BillLine {
            quantity: Quantity::new(line.qty).unwrap(),
            price: price(line.unit_price),
            includes_tax: case.input.price_mode == "inclusive",
            discount: line
                .discount
                .as_ref()
                .map_or(Discount::None, |off| discount(&off.kind, off.value)),
            rate: Rate {
                gst: line.gst_rate,
                cess: line.cess_rate,
                cess_per_unit: line.cess_per_unit,
                treatment: line
                    .treatment
                    .as_deref()
                    .map_or(Treatment::Taxable, |code| code.parse().unwrap()),
            },
        })
        .collect()
}

#[test]
fn every_case_comes_out_line_by_line_and_in_all() {
    assert_eq!(CASES.invoices.len(), 20);
    for case in &CASES.invoices {
        let lines = lines_of(case);
        let found = bill(&lines, &terms_of(case)).unwrap();

        let id = &case.id;
        assert_eq!(found.lines.len(), case.expected.lines.len(), "{id}");
        for (at, (line, expected)) in found.lines.iter().zip(&case.expected.lines).enumerate() {
            let found = [
                line.net_price,
                line.gross.as_decimal(),
                line.discount.as_decimal(),
                line.taxable.as_decimal(),
                line.igst.as_decimal(),
                line.cgst.as_decimal(),
                line.sgst.as_decimal(),
                line.cess.as_decimal(),
                line.cess_fixed.as_decimal(),
                line.total.as_decimal(),
            ];
            let expected = [
                expected.unit_price,
                expected.tot_amt,
                expected.discount,
                expected.ass_amt,
                expected.igst_amt,
                expected.cgst_amt,
                expected.sgst_amt,
                expected.ces_amt,
                expected.ces_non_advl_amt,
                expected.tot_item_val,
            ];
            assert_eq!(found, expected, "{id}, line {}", at + 1);
        }
        let totals = &case.expected.totals;
        let sums = [
            found.taxable,
            found.cgst,
            found.sgst,
            found.igst,
            found.cess,
            found.late_discount,
            found.other_charges,
            found.round_off,
            found.total,
        ];
        let expected = [
            totals.ass_val,
            totals.cgst_val,
            totals.sgst_val,
            totals.igst_val,
            totals.ces_val,
            totals.discount,
            totals.oth_chrg,
            totals.rnd_off_amt,
            totals.tot_inv_val,
        ];
        assert_eq!(sums.map(Money::as_decimal), expected, "{id}");
        assert_eq!(
            found.total_fc.map(Money::as_decimal),
            totals.tot_inv_val_fc,
            "{id}"
        );
        let by_value = case.input.lines.iter().zip(&found.lines);
        let main = main_hsn(by_value.map(|(line, sums)| (line.hsn.as_str(), sums.taxable)));
        assert_eq!(main, case.expected.main_hsn, "{id}");
    }
}

#[test]
fn shares_come_out_as_others_worked_them_out() {
    assert_eq!(CASES.shares.len(), 4);
    for case in &CASES.shares {
        let weights: Vec<Money> = case.weights.iter().copied().map(Money::rounded).collect();
        let found = share(Money::rounded(case.total), &weights);
        let expected: Vec<Money> = case.shares.iter().copied().map(Money::rounded).collect();
        assert_eq!(found, expected);
    }
    assert_eq!(share(money("5"), &[Money::ZERO]), [Money::ZERO]);
}

#[test]
fn more_than_there_is_can_not_be_taken_off() {
    let one = BillLine {
        quantity: Quantity::new(Decimal::TEN).unwrap(),
        price: price(Decimal::TEN),
        includes_tax: false,
        discount: Discount::None,
        rate: rate("18"),
    };
    let terms = Terms::plain(Nature::Inter);
    let refused = |line: BillLine, terms: Terms| bill(&[line], &terms).unwrap_err().to_string();

    let line = BillLine {
        discount: Discount::Amount(money("100.01")),
        ..one
    };
    assert_eq!(
        refused(line, terms),
        "The discount of ₹100.01 on line 1 is not between nothing and its ₹100.00."
    );
    let line = BillLine {
        discount: Discount::Percent(Decimal::NEGATIVE_ONE),
        ..one
    };
    assert!(refused(line, terms).starts_with("The discount of −₹1.00 on line 1"));
    let early = Terms {
        whole: Whole::BeforeTax(Discount::Percent(Decimal::from(101))),
        ..terms
    };
    assert_eq!(
        refused(one, early),
        "The discount of ₹101.00 is not between nothing and the ₹100.00 of all lines."
    );
    // After tax the whole 118 can be given away, and not a paisa more.
    let late = |rupees: &str| Terms {
        whole: Whole::AfterTax(Discount::Amount(money(rupees))),
        ..terms
    };
    assert_eq!(bill(&[one], &late("118")).unwrap().total, Money::ZERO);
    assert!(refused(one, late("118.01")).starts_with("The discount of ₹118.01"));
    // A price that holds its tax has to hold the cess by unit as well.
    let line = BillLine {
        includes_tax: true,
        rate: Rate {
            cess_per_unit: Decimal::from(11),
            ..rate("5")
        },
        ..one
    };
    assert_eq!(
        refused(line, terms),
        "Line 1 comes to ₹100.00, which does not even pay its cess of ₹110.00."
    );
    // More than a column holds is refused in words, with a currency as well.
    let line = BillLine {
        quantity: Quantity::new("99999999999.999".parse().unwrap()).unwrap(),
        price: price("9999999999.9999".parse().unwrap()),
        ..one
    };
    let dollars = Terms {
        fx: Some("99999999.999999".parse().unwrap()),
        ..terms
    };
    assert!(refused(line, terms).starts_with("An amount must be"));
    assert!(refused(line, dollars).starts_with("An amount must be"));
}

/// What a line was billed with, for notes.
fn billed<'a>(sums: &'a LineSums, line: &BillLine, credited: &'a Credited) -> Billed<'a> {
    Billed {
        sums,
        quantity: line.quantity.as_decimal(),
        includes_tax: line.includes_tax,
        rate: line.rate,
        credited,
    }
}

/// Remembers one more note.
fn count(credited: &mut Credited, units: Decimal, note: &LineSums) {
    let sums = &mut credited.sums;
    sums.taxable += note.taxable;
    sums.cgst += note.cgst;
    sums.sgst += note.sgst;
    sums.igst += note.igst;
    sums.cess += note.cess;
    sums.cess_fixed += note.cess_fixed;
    if units.is_zero() {
        credited.value += note.taxable;
        credited.value_with_tax += note.taxable + note.tax();
    }
    credited.units += units;
}

/// Amounts that have to come back: value, heads, cess of both kinds.
fn heads(sums: &LineSums) -> [Money; 6] {
    [
        sums.taxable,
        sums.cgst,
        sums.sgst,
        sums.igst,
        sums.cess,
        sums.cess_fixed,
    ]
}

#[test]
fn a_note_gives_back_what_was_charged_and_the_last_unit_the_rest() {
    // Three for 100.00 with 18 % inside: 84.75 and 15.25. A unit is 33.33, and the last one takes the paisa that is left.
    let one = BillLine {
        quantity: Quantity::new(Decimal::from(3)).unwrap(),
        price: price("33.3333".parse().unwrap()),
        includes_tax: true,
        discount: Discount::None,
        rate: rate("18"),
    };
    let terms = Terms::plain(Nature::Intra(Half::Sgst));
    let whole = bill(&[one], &terms).unwrap().lines[0];
    assert_eq!(
        heads(&whole)[..3],
        [money("84.74"), money("7.63"), money("7.63")]
    );

    let mut credited = Credited::default();
    let mut totals = Vec::new();
    for _ in 0..3 {
        let note = units_back(&billed(&whole, &one, &credited), Decimal::ONE, &terms).unwrap();
        totals.push(note.total.to_string());
        count(&mut credited, Decimal::ONE, &note);
    }
    assert_eq!(totals, ["₹33.33", "₹33.33", "₹33.34"]);
    assert_eq!(heads(&credited.sums), heads(&whole));
    let again = units_back(&billed(&whole, &one, &credited), Decimal::ONE, &terms);
    assert_eq!(
        again.unwrap_err().to_string(),
        "1 is not between 1 and the 0 that are left to credit."
    );
}

#[test]
fn a_price_comes_down_by_an_amount_and_up_by_another() {
    let one = BillLine {
        quantity: Quantity::new(Decimal::TEN).unwrap(),
        price: price(Decimal::ONE_HUNDRED),
        includes_tax: false,
        discount: Discount::None,
        rate: rate("5"),
    };
    let terms = Terms::plain(Nature::Inter);
    let whole = bill(&[one], &terms).unwrap().lines[0];
    let none = Credited::default();

    let less = value_back(
        &billed(&whole, &one, &none),
        money("50"),
        Decimal::TEN,
        &terms,
    )
    .unwrap();
    assert_eq!(
        (less.taxable, less.igst, less.total),
        (money("50"), money("2.50"), money("52.50"))
    );
    assert_eq!(less.net_price, "5".parse().unwrap());
    let more = value_more(
        &billed(&whole, &one, &none),
        money("50"),
        Decimal::TEN,
        &terms,
    );
    assert_eq!(more, less);

    // Ten at 95.00 from now on: a unit that comes back is worth that.
    let mut credited = none;
    count(&mut credited, Decimal::ZERO, &less);
    let unit = units_back(&billed(&whole, &one, &credited), Decimal::ONE, &terms).unwrap();
    assert_eq!((unit.taxable, unit.igst), (money("95"), money("4.75")));

    let refused = value_back(
        &billed(&whole, &one, &credited),
        money("950.01"),
        Decimal::ONE,
        &terms,
    );
    assert_eq!(
        refused.unwrap_err().to_string(),
        "₹950.01 is not between nothing and the ₹950.00 that is left to credit."
    );
    let rest = value_back(
        &billed(&whole, &one, &credited),
        money("950"),
        Decimal::ONE,
        &terms,
    )
    .unwrap();
    assert_eq!(rest.total, money("997.50"));
}

#[test]
fn a_note_against_a_case_is_the_note_of_the_case() {
    let of = |id: &str, at: usize| {
        let case = CASES.case(id);
        let lines = lines_of(case);
        let sums = bill(&lines, &terms_of(case)).unwrap();
        (lines[at], sums.lines[at], terms_of(case))
    };
    let none = Credited::default();
    for (note, original, at, units) in [("CRN-01", "INV-08", 1, 5), ("CRN-02", "INV-05", 0, 1)] {
        let (line, sums, terms) = of(original, at);
        let found = units_back(&billed(&sums, &line, &none), Decimal::from(units), &terms).unwrap();
        let expected = &CASES.case(note).expected.lines[0];
        assert_eq!(
            [
                found.net_price,
                found.taxable.as_decimal(),
                found.igst.as_decimal(),
                found.total.as_decimal()
            ],
            [
                expected.unit_price,
                expected.ass_amt,
                expected.igst_amt,
                expected.tot_item_val
            ],
            "{note}"
        );
    }
}

const RATES: [&str; 9] = ["0", "0.25", "1.5", "3", "5", "12", "18", "28", "40"];

fn natures() -> impl Strategy<Value = Nature> {
    prop_oneof![
        Just(Nature::Inter),
        Just(Nature::Intra(Half::Sgst)),
        Just(Nature::Intra(Half::Utgst))
    ]
}

prop_compose! {
    fn a_line()(paise in 0_i64..50_000_000, thousandths in 1_i64..10_000_000, rate_of in 0_usize..9, cess in 0_i64..20,
                includes_tax: bool, off in 0_i64..=100) -> BillLine {
        BillLine {
            quantity: Quantity::new(Decimal::new(thousandths, 3)).unwrap(),
            price: price(Decimal::new(paise, 2)),
            includes_tax,
            discount: Discount::Percent(Decimal::from(off)),
            rate: Rate { cess: Decimal::from(cess), ..rate(RATES[rate_of]) },
        }
    }
}

/// What every document is: the sum of its lines, each of which adds up.
fn adds_up(found: &BillSums, terms: &Terms) -> Result<(), TestCaseError> {
    for line in &found.lines {
        prop_assert_eq!(line.taxable, line.gross - line.discount);
        prop_assert_eq!(line.cgst, line.sgst);
        let other_head = if terms.nature == Nature::Inter {
            line.cgst
        } else {
            line.igst
        };
        prop_assert!(other_head.is_zero());
        let tax = if terms.is_reverse_charge {
            Money::ZERO
        } else {
            line.tax()
        };
        prop_assert_eq!(line.total, line.taxable + tax);
        prop_assert!(!line.taxable.is_negative());
    }
    let sum = |of: fn(&LineSums) -> Money| found.lines.iter().map(of).sum::<Money>();
    prop_assert_eq!(found.taxable, sum(|line| line.taxable));
    prop_assert_eq!(found.discount, sum(|line| line.discount));
    prop_assert_eq!(
        found.total,
        sum(|line| line.total) - found.late_discount + found.other_charges + found.round_off
    );
    prop_assert!(found.round_off.abs() <= money("0.50"));
    Ok(())
}

proptest! {
    #[test]
    fn without_extras_a_document_is_what_its_order_was(
        lines in prop::collection::vec((a_line(), 0_i64..20_000), 1..6), nature in natures(),
    ) {
        let plain: Vec<BillLine> = lines.iter().map(|(line, by_unit)| {
            // A price that holds its tax holds its cess by unit, or no order takes it.
            let most = if line.includes_tax { line.price.as_decimal() } else { Decimal::MAX };
            let cess_per_unit = Decimal::new(*by_unit, 3).min(most);
            BillLine { discount: Discount::None, rate: Rate { cess_per_unit, ..line.rate }, ..*line }
        }).collect();
        let found = bill(&plain, &Terms::plain(nature)).unwrap();
        for (one, sums) in plain.iter().zip(&found.lines) {
            let order = line(one.price, one.includes_tax, one.quantity, one.rate, nature == Nature::Inter);
            prop_assert_eq!(
                [sums.taxable, sums.cgst, sums.sgst, sums.igst, sums.cess + sums.cess_fixed, sums.total],
                [order.taxable, order.cgst, order.sgst, order.igst, order.cess, order.total]
            );
        }
        adds_up(&found, &Terms::plain(nature))?;
    }

    #[test]
    fn a_document_adds_up_whatever_is_taken_off(
        lines in prop::collection::vec(a_line(), 1..8), nature in natures(), off in 0_i64..=100, is_early: bool,
        is_reverse_charge: bool, is_without_payment: bool, charges in 0_i64..1_000_000, is_to_the_rupee: bool,
    ) {
        let off = Discount::Percent(Decimal::from(off));
        let terms = Terms {
            is_reverse_charge, is_without_payment,
            whole: if is_early { Whole::BeforeTax(off) } else { Whole::AfterTax(off) },
            other_charges: Money::from_paise(charges),
            round_off: if is_to_the_rupee { RoundOff::Rupee } else { RoundOff::Exact },
            ..Terms::plain(nature)
        };
        // Under reverse charge prices that hold their tax come to less than what the discount is taken of.
        if let Ok(found) = bill(&lines, &terms) {
            adds_up(&found, &terms)?;
            if is_early {
                let shared: Money = found.lines.iter().map(|line| line.shared_discount).sum();
                let nets: Money = found.lines.iter().zip(&lines).map(|(sums, one)| one.price.times(one.quantity) - sums.line_discount).sum();
                prop_assert!(shared <= nets);
            }
        } else {
            prop_assert!(!is_early);
        }
    }

    #[test]
    fn shares_are_the_whole_and_none_is_a_paisa_off(
        paise in 0_i64..1_000_000_000, weights in prop::collection::vec(0_i64..100_000_000, 1..40),
    ) {
        let amount = Money::from_paise(paise);
        let weights: Vec<Money> = weights.into_iter().map(Money::from_paise).collect();
        let shares = share(amount, &weights);
        let sum: Money = weights.iter().copied().sum();
        prop_assert_eq!(shares.len(), weights.len());
        if sum.is_zero() {
            return Ok(());
        }
        prop_assert_eq!(shares.iter().copied().sum::<Money>(), amount);
        for (share, weight) in shares.iter().zip(&weights) {
            let exact = amount.as_decimal() * weight.as_decimal() / sum.as_decimal();
            prop_assert!((share.as_decimal() - exact).abs() < Decimal::new(1, 2));
        }
    }

    #[test]
    fn what_is_credited_bit_by_bit_is_what_was_billed(
        one in a_line(), nature in natures(), whole in 1_i64..400, cuts in prop::collection::vec(1_i64..50, 0..12), less in 0_i64..40,
        is_reverse_charge: bool,
    ) {
        let one = BillLine { quantity: Quantity::new(Decimal::from(whole)).unwrap(), ..one };
        let terms = Terms { is_reverse_charge, ..Terms::plain(nature) };
        let sums = bill(&[one], &terms).unwrap().lines[0];
        let mut credited = Credited::default();
        // A lower price first, then goods that come back in bits, then all that is left.
        let lower = Money::rounded(sums.taxable.as_decimal() * Decimal::from(less) / Decimal::ONE_HUNDRED);
        if lower > Money::ZERO {
            let note = value_back(&billed(&sums, &one, &credited), lower, Decimal::from(whole), &terms).unwrap();
            count(&mut credited, Decimal::ZERO, &note);
        }
        let mut left = whole;
        for cut in cuts {
            if cut >= left { break; }
            let note = units_back(&billed(&sums, &one, &credited), Decimal::from(cut), &terms).unwrap();
            for head in heads(&note) { prop_assert!(!head.is_negative()); }
            count(&mut credited, Decimal::from(cut), &note);
            left -= cut;
            for (given, most) in heads(&credited.sums).into_iter().zip(heads(&sums)) {
                prop_assert!(given <= most, "{} of {}", given, most);
            }
        }
        let note = units_back(&billed(&sums, &one, &credited), Decimal::from(left), &terms).unwrap();
        count(&mut credited, Decimal::from(left), &note);
        prop_assert_eq!(heads(&credited.sums), heads(&sums));
    }
}
