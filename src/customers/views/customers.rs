//! The list of customers.

use super::{portal_state, portal_word, status_pill};
use crate::customers::model::{Customer, Group, Line, PORTAL_STATES, STATUSES};
use crate::kernel::language::Lang;
use crate::web::bulk::{BulkBar, BulkButton};
use crate::web::components::{Empty, Pill, SortHead};
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page, Total};
use crate::web::listing::{KeptView, ListBuilder, Listing};
use askama::Template;
use uuid::Uuid;

/// A customer in the list.
pub struct Row {
    pub line: Line,
    pub group: String,
    pub open: String,
    pub portal: &'static str,
    pub pill: Pill,
}

#[derive(Template)]
#[template(path = "customers/index.html")]
pub struct CustomersPage {
    pub shell: Shell,
    pub list: Listing,
    pub name: SortHead,
    pub created: String,
    pub rows: Vec<Row>,
    pub base: String,
    pub may_edit: bool,
    pub bulk: BulkBar,
    pub ticked: Vec<Uuid>,
}

fn group_name(groups: &[Group], line: &Line) -> String {
    let found = groups
        .iter()
        .find(|group| Some(group.id) == line.customer.group_id);
    found.map_or_else(String::new, |group| group.name.clone())
}

impl CustomersPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (String, bool),
        (query, kept): (&ListQuery, Vec<KeptView>),
        ((page, total), groups): ((Page<Line>, Total), Vec<Group>),
    ) -> Self {
        let sort = query.sort(&Customer::SORTS, Customer::BY_NAME);
        let ids: Vec<String> = groups.iter().map(|group| group.id.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let first = Empty {
            icon: "shop",
            heading: lang.t("No customers yet").into_owned(),
            text: lang
                .t("Add the shops that buy from you, then invite them to order online.")
                .into_owned(),
            action: may_edit.then(|| {
                (
                    lang.t("Add a customer").into_owned(),
                    format!("{base}/customers/new"),
                )
            }),
        };
        let mut list = ListBuilder::new(query, lang, lang.t("Name, code, city, phone or GSTIN"));
        if !groups.is_empty() {
            list = list.filter("group", lang.t("Group"), &ids, |id| {
                let found = groups.iter().find(|group| group.id.to_string() == id);
                found.map_or_else(String::new, |group| group.name.clone())
            });
        }
        Self {
            shell,
            list: list
                .filter("status", lang.t("Status"), &STATUSES, |status| {
                    status_pill(lang, status).text
                })
                .filter("portal", lang.t("Portal"), &PORTAL_STATES, |state| {
                    lang.t(portal_word(state)).into_owned()
                })
                .export(&format!("{base}/customers/export"))
                .views(&format!("{base}/settings/views"), "customers", kept)
                .finish(&page, total, first, lang.t("No customers match")),
            bulk: BulkBar::new(
                query,
                &page,
                total,
                vec![BulkButton {
                    action: "invite",
                    label: lang.t("Invite").into_owned(),
                    icon: "send",
                }],
            ),
            ticked: query.ticked(),
            name: query.head(lang.t("Customer").into_owned(), "name", sort, false),
            created: query.with(&[("sort", Some("-created"))]),
            rows: page
                .rows
                .into_iter()
                .map(|line| Row {
                    group: group_name(&groups, &line),
                    open: line.open().to_string(),
                    portal: portal_word(portal_state(&line)),
                    pill: status_pill(lang, &line.customer.status),
                    line,
                })
                .collect(),
            base,
            may_edit,
        }
    }
}

/// Customers as a file.
pub fn customers_sheet(lang: Lang, groups: &[Group], rows: Vec<Line>) -> Sheet {
    let heads = [
        lang.t("Code"),
        lang.t("Name"),
        lang.t("City"),
        lang.t("GSTIN"),
        lang.t("Phone"),
        lang.t("E-mail"),
        lang.t("Group"),
        lang.t("Days to pay"),
        lang.t("Credit limit"),
        lang.t("Open orders"),
        lang.t("Open amount"),
        lang.t("Owed"),
        lang.t("Status"),
        lang.t("Portal"),
    ];
    let money = |amount: Option<crate::kernel::money::Money>| {
        amount.map_or_else(String::new, |amount| amount.as_decimal().to_string())
    };
    Sheet {
        name: "customers",
        heads: heads.into_iter().map(|head| head.into_owned()).collect(),
        rows: rows
            .into_iter()
            .map(|line| {
                vec![
                    line.customer.code.clone(),
                    line.customer.name.clone(),
                    line.customer.city.clone().unwrap_or_default(),
                    line.customer.gstin.clone().unwrap_or_default(),
                    line.customer.phone.clone().unwrap_or_default(),
                    line.customer.email.clone().unwrap_or_default(),
                    group_name(groups, &line),
                    line.customer.terms_days.to_string(),
                    money(line.customer.credit_limit),
                    line.open_orders.unwrap_or_default().to_string(),
                    money(Some(line.open())),
                    money(Some(line.owed())),
                    status_pill(lang, &line.customer.status).text,
                    lang.t(portal_word(portal_state(&line))).into_owned(),
                ]
            })
            .collect(),
    }
}
