//! The arithmetic of GST and the questions that decide it, as pure functions. Source: CGST Act sections 12 and 15, IGST Act sections 5 to 13.

use super::model::{NotifiedRate, OwnRate};
use crate::kernel::ids::RateId;
use crate::kernel::language::Said;
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::number;
use crate::kernel::quantity::Quantity;
use crate::kernel::state::State;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::str::FromStr;

states! {
    /// How a buyer stands under GST.
    BuyerKind:
    /// With a GSTIN, under the usual scheme.
    Registered "registered"
    /// With a GSTIN, under the composition scheme.
    Composition "composition"
    /// Without a GSTIN.
    Unregistered "unregistered"
    /// A unit in a special economic zone, or its developer.
    Sez "sez"
    /// Abroad.
    Overseas "overseas"
    /// One to whom a supply counts as an export.
    DeemedExport "deemed_export"
    /// An embassy or a body of the United Nations, with a UIN.
    Uin "uin"
}

impl BuyerKind {
    /// Whether such a buyer has a GSTIN or a UIN.
    pub const fn has_gstin(self) -> bool {
        !matches!(self, Self::Unregistered | Self::Overseas)
    }
}

states! {
    /// What the second half of a tax within a state is.
    Half:
    /// A state's, or a union territory's that has a legislature.
    Sgst "SGST"
    /// Another union territory's.
    Utgst "UTGST"
}

/// Which heads of tax a supply bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Between states: IGST.
    Inter,
    /// Within one: CGST and this half.
    Intra(Half),
}

states! {
    /// How the law treats goods.
    Treatment:
    /// They bear tax.
    Taxable "taxable"
    /// At a rate of nothing.
    Nil "nil"
    /// By a notification.
    Exempt "exempt"
    /// Outside of GST.
    NonGst "non_gst"
}

states! {
    /// How e-invoices call a supply.
    SupplyType:
    /// To a registered buyer.
    B2b "B2B"
    /// To a special economic zone, with payment of tax.
    SezWithPayment "SEZWP"
    /// To a special economic zone, without payment of tax.
    SezWithoutPayment "SEZWOP"
    /// Abroad, with payment of tax.
    ExportWithPayment "EXPWP"
    /// Abroad, without payment of tax.
    ExportWithoutPayment "EXPWOP"
    /// A deemed export.
    DeemedExport "DEXP"
    /// To a buyer without a GSTIN; e-invoices don't know it.
    B2c "B2C"
}

/// GST's code of what is abroad.
const ABROAD: &str = "96";

/// What decides the place of supply of goods. State codes are GST's, two digits.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    /// State of the registration that supplies.
    pub supplier: &'a str,
    /// How the buyer stands under GST.
    pub kind: BuyerKind,
    /// The buyer's GSTIN, if it has one.
    pub gstin: Option<&'a str>,
    /// State where the buyer is billed, if known.
    pub billing: Option<&'a str>,
    /// State where the goods go.
    pub delivery: &'a str,
    /// GSTIN of the place where the goods go, if it has one of its own; `URP` for somebody else's who has none.
    pub delivery_gstin: Option<&'a str>,
}

/// The place of supply of goods (IGST Act, section 10): where the movement ends; with a third person at the delivery address (bill to, ship
/// to), where the buyer is billed; for a unit in a special economic zone, its own state. A third person has another GSTIN, or none: other
/// registrations of the buyer's PAN are distinct persons, too (CGST Act, section 25(4)).
pub fn place_of_supply<'a>(parties: &Parties<'a>) -> &'a str {
    if parties.kind == BuyerKind::Overseas {
        return ABROAD;
    }
    let billed = parties
        .gstin
        .and_then(|gstin| gstin.get(..2))
        .or(parties.billing);
    if parties.kind == BuyerKind::Sez {
        return billed.unwrap_or(parties.delivery);
    }
    if parties.gstin.is_none() {
        return parties.delivery;
    }
    let is_third_person = parties
        .delivery_gstin
        .is_some_and(|there| Some(there) != parties.gstin);
    if is_third_person {
        return billed.unwrap_or(parties.delivery);
    }
    parties.delivery
}

/// Whether a supply is between states, so that it bears IGST.
pub fn is_inter_state(supplier: &str, kind: BuyerKind, place_of_supply: &str) -> bool {
    matches!(kind, BuyerKind::Sez | BuyerKind::Overseas) || supplier != place_of_supply
}

/// Which heads a supply bears (IGST Act, sections 7 and 8): by the supplier's state and kind, the buyer's kind and the place of supply.
pub fn nature(
    supplier: &str,
    supplier_type: &str,
    buyer: BuyerKind,
    place_of_supply: &str,
) -> Nature {
    if supplier_type == "sez_developer" || is_inter_state(supplier, buyer, place_of_supply) {
        return Nature::Inter;
    }
    let has_utgst = State::by_code(supplier).is_some_and(State::has_utgst);
    Nature::Intra(if has_utgst { Half::Utgst } else { Half::Sgst })
}

/// How a supply that bears no tax in the end is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZeroRated {
    /// With payment of IGST, which comes back as a refund.
    With,
    /// Without, under a letter of undertaking.
    Without,
}

/// What a supply is, as e-invoices call it.
pub const fn supply_type(buyer: BuyerKind, zero_rated: ZeroRated) -> SupplyType {
    match (buyer, zero_rated) {
        (BuyerKind::Registered | BuyerKind::Composition | BuyerKind::Uin, _) => SupplyType::B2b,
        (BuyerKind::Unregistered, _) => SupplyType::B2c,
        (BuyerKind::DeemedExport, _) => SupplyType::DeemedExport,
        (BuyerKind::Sez, ZeroRated::With) => SupplyType::SezWithPayment,
        (BuyerKind::Sez, ZeroRated::Without) => SupplyType::SezWithoutPayment,
        (BuyerKind::Overseas, ZeroRated::With) => SupplyType::ExportWithPayment,
        (BuyerKind::Overseas, ZeroRated::Without) => SupplyType::ExportWithoutPayment,
    }
}

/// GST and cess of a code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// CGST and SGST together, or IGST, per cent.
    pub gst: Decimal,
    /// Compensation cess on the value, per cent.
    pub cess: Decimal,
    /// Specific cess, rupees for a unit.
    pub cess_per_unit: Decimal,
    /// How the law treats the goods.
    pub treatment: Treatment,
}

impl Rate {
    /// A rate on the value alone.
    pub const fn on_value(gst: Decimal, cess: Decimal) -> Self {
        Self::taxable(gst, cess, Decimal::ZERO)
    }

    /// The rate of goods that bear tax, as a line of an order keeps it.
    pub const fn taxable(gst: Decimal, cess: Decimal, cess_per_unit: Decimal) -> Self {
        Self {
            gst,
            cess,
            cess_per_unit,
            treatment: Treatment::Taxable,
        }
    }
}

/// A line's amounts, in rupees.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LineTax {
    /// Before tax.
    pub taxable: Money,
    /// Central tax.
    pub cgst: Money,
    /// State or union territory tax: always as much as the central.
    pub sgst: Money,
    /// Integrated tax.
    pub igst: Money,
    /// Cess, on the value and by unit.
    pub cess: Money,
    /// All of it.
    pub total: Money,
}

impl std::ops::Add for LineTax {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            taxable: self.taxable + other.taxable,
            cgst: self.cgst + other.cgst,
            sgst: self.sgst + other.sgst,
            igst: self.igst + other.igst,
            cess: self.cess + other.cess,
            total: self.total + other.total,
        }
    }
}

impl std::iter::Sum for LineTax {
    fn sum<I: Iterator<Item = Self>>(lines: I) -> Self {
        lines.fold(Self::default(), std::ops::Add::add)
    }
}

/// The tax of a line: a quantity at a price of one unit that holds the tax or does not. It is what `tax::bill` makes of the same line.
///
/// With tax inside the price the taxes are taken out first, of them the specific cess first of all, and the taxable value is the remainder,
/// so the line always comes to what the buyer pays. A price that does not even hold its specific cess ([`pays_its_cess`]) has no value left
/// and comes to that cess.
pub fn line(
    price: UnitPrice,
    includes_tax: bool,
    quantity: Quantity,
    rate: Rate,
    is_inter_state: bool,
) -> LineTax {
    let by_unit = Money::rounded(rate.cess_per_unit * quantity.as_decimal());
    let hundred = Decimal::ONE_HUNDRED;
    let (amount, divisor) = if includes_tax {
        let rest = price.times(quantity) - by_unit;
        (rest.max(Money::ZERO), hundred + rate.gst + rate.cess)
    } else {
        (price.times(quantity), hundred)
    };
    let share = |per_cent: Decimal| Money::rounded(amount.as_decimal() * per_cent / divisor);
    let half = rate.gst / Decimal::TWO;
    let (cgst, igst) = if is_inter_state {
        (Money::ZERO, share(rate.gst))
    } else {
        (share(half), Money::ZERO)
    };
    let on_value = share(rate.cess);
    let tax = cgst + cgst + igst + on_value;
    let taxable = if includes_tax { amount - tax } else { amount };
    LineTax {
        taxable,
        cgst,
        sgst: cgst,
        igst,
        cess: on_value + by_unit,
        total: taxable + tax + by_unit,
    }
}

/// The price of a unit without its tax, in rupees with four decimals, of one that holds it: a unit sold at it never comes to more than the price
/// with tax, and to some paise less where no price comes to it.
pub fn without_tax(with_tax: Decimal, rate: Rate) -> Decimal {
    let rest = (with_tax - rate.cess_per_unit).max(Decimal::ZERO);
    let net = rest * Decimal::ONE_HUNDRED / (Decimal::ONE_HUNDRED + rate.gst + rate.cess);
    let down = |paise: i64| (net.trunc_with_scale(2) - Decimal::new(paise, 2)).max(Decimal::ZERO);
    let fits = |net: &Decimal| {
        let price = UnitPrice::from_str(&net.to_string());
        let sold = price.ok().zip(Quantity::new(Decimal::ONE));
        sold.is_none_or(|(price, one)| {
            line(price, false, one, rate, true).total.as_decimal() <= with_tax
        })
    };
    let nearest = number::rounded(net, 4);
    std::iter::once(nearest)
        .chain((0..3).map(down))
        .find(fits)
        .unwrap_or_else(|| down(3))
        .normalize()
}

/// Whether a price of a unit that holds its tax holds at least its specific cess.
///
/// # Errors
/// In words, with both amounts.
pub fn pays_its_cess(price: UnitPrice, includes_tax: bool, rate: Rate) -> Result<(), Said> {
    if !includes_tax || price.as_decimal() >= rate.cess_per_unit {
        return Ok(());
    }
    Err(
        Said::new("The price of {price} does not even pay the cess of {cess} on each unit.")
            .with("price", price)
            .with("cess", rupees(rate.cess_per_unit)),
    )
}

/// Rupees for a unit in figures, with two decimals or the three of a specific cess: `₹4.17`, `₹0.625`.
pub fn rupees(per_unit: Decimal) -> String {
    let mut amount = per_unit.normalize();
    if amount.scale() < 2 {
        amount.rescale(2);
    }
    format!("₹{}", number::unsigned_indian(amount))
}

/// The rates among which a product of a code chooses on a day: those of the longest prefix that has any. One condition each.
pub fn applicable<'r>(
    code: &str,
    rates: &'r [NotifiedRate],
    day: NaiveDate,
) -> Vec<&'r NotifiedRate> {
    let fitting: Vec<&NotifiedRate> = rates
        .iter()
        .filter(|rate| code.starts_with(&rate.hsn_prefix) && rate.is_on(day))
        .collect();
    let longest = fitting.iter().map(|rate| rate.hsn_prefix.len()).max();
    fitting
        .into_iter()
        .filter(|rate| Some(rate.hsn_prefix.len()) == longest)
        .collect()
}

/// The first of a company's own periods that a new one, from a day on and without an end, would overlap.
pub fn overlapped(periods: &[OwnRate], from: NaiveDate, but: Option<RateId>) -> Option<&OwnRate> {
    periods
        .iter()
        .find(|period| Some(period.id) != but && period.valid_to.is_none_or(|last| last >= from))
}

/// Whether a price of a unit, with the tax on it, stays within the maximum retail price.
///
/// # Errors
/// The rule in words, with both amounts.
pub fn within_mrp(
    price: UnitPrice,
    includes_tax: bool,
    rate: Rate,
    mrp: Option<Money>,
) -> Result<(), Said> {
    let Some(mrp) = mrp else { return Ok(()) };
    let Some(one) = Quantity::new(Decimal::ONE) else {
        return Ok(());
    };
    let with_tax = line(price, includes_tax, one, rate, true).total;
    if with_tax <= mrp {
        return Ok(());
    }
    Err(
        Said::new("With GST this price is {with_tax}, above the MRP of {mrp}. Nobody may sell above the MRP: lower the price, or correct the MRP of the product.")
            .with("with_tax", with_tax)
            .with("mrp", mrp),
    )
}

/// Whether an own rate may still be changed or ended.
///
/// # Errors
/// In words, when its last day is fixed.
pub fn is_open(rate: &OwnRate) -> Result<(), Said> {
    match rate.valid_to {
        None => Ok(()),
        Some(last) => Err(Said::new(
            "The own rate for {prefix} ends on {to} already. Add a new one instead.",
        )
        .with("prefix", &rate.hsn_prefix)
        .with("to", last.to_string())),
    }
}
