//! The list of what is not registered yet, with what keeps each document from it.

use super::einvoices::{Wrong, waited, wrongs_of};
use super::silence;
use crate::accounting::actions::einvoices::{Judged, Standing};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::web::bulk::{BulkBar, BulkButton};
use crate::web::components::{Empty, Pill};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::{Cursor, ListQuery, Page};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

type Mark = (NaiveDate, Uuid);

/// What was looked through, and what of it an address asks for.
pub struct ReadyFound {
    /// The documents that match, the oldest first.
    pub matching: Vec<Judged>,
    /// How many are ready, refused, and to be put right, whatever the filter.
    pub counts: [usize; 3],
    /// How many were looked through, if there are more.
    pub cut_at: Option<usize>,
}

impl Standing {
    /// All of them, as the tabs stand.
    pub const ALL: [Self; 3] = [Self::Ready, Self::Refused, Self::Faulty];

    /// As addresses write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Refused => "refused",
            Self::Faulty => "faulty",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Ready => text!("Ready"),
            Self::Refused => text!("Refused by the authority"),
            Self::Faulty => text!("To be put right"),
        }
    }

    const fn pill(self) -> (&'static str, &'static str) {
        match self {
            Self::Ready => ("ok", "half"),
            Self::Refused => ("warn", "half"),
            Self::Faulty => ("bad", "full"),
        }
    }
}

impl ReadyFound {
    /// What of all these an address asks for: a standing, a part of a number or of a customer's name.
    pub fn new(judged: Vec<Judged>, has_more: bool, query: &ListQuery) -> Self {
        let cut_at = has_more.then_some(judged.len());
        let count = |standing| judged.iter().filter(|one| one.standing == standing).count();
        let counts = Standing::ALL.map(count);
        let states = query.all("state", &Standing::ALL.map(Standing::code));
        let search = query.search().map(str::to_lowercase);
        let matching = judged.into_iter().filter(|one| {
            let is_state = states.is_empty() || states.contains(&one.standing.code());
            let is_found = search.as_ref().is_none_or(|search| {
                one.document.number.to_lowercase().contains(search)
                    || one.sides.buyer.name.to_lowercase().contains(search)
            });
            is_state && is_found
        });
        Self {
            matching: matching.collect(),
            counts,
            cut_at,
        }
    }

    fn page(self, query: &ListQuery) -> (Page<Judged>, i64) {
        let total = i64::try_from(self.matching.len()).unwrap_or(i64::MAX);
        let cursor: Option<Cursor<Mark>> = query.cursor();
        let mark = |one: &Judged| -> Mark { (one.document.document_date, one.document.id.uuid()) };
        let most = usize::try_from(query.size() + 1).unwrap_or(26);
        let rows: Vec<Judged> = match &cursor {
            Some(Cursor::Before(at)) => self
                .matching
                .into_iter()
                .rev()
                .filter(|one| mark(one) < *at)
                .take(most)
                .collect(),
            Some(Cursor::After(at)) => self
                .matching
                .into_iter()
                .filter(|one| mark(one) > *at)
                .take(most)
                .collect(),
            None => self.matching.into_iter().take(most).collect(),
        };
        (Page::new(rows, query.size(), cursor.as_ref(), mark), total)
    }
}

/// A document of the list.
pub struct ReadyRow {
    pub id: Uuid,
    pub number: String,
    pub url_no: String,
    pub year: String,
    pub date: String,
    pub customer: String,
    pub code: String,
    pub total: String,
    pub standing: Pill,
    /// How it waits at the authority, and until when.
    pub waiting: Option<String>,
    pub last_day: Option<String>,
    pub wrongs: Vec<Wrong>,
    pub may_be_sent: bool,
}

#[derive(Template)]
#[template(path = "accounting/einvoices/ready.html")]
pub struct ReadyPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<ReadyRow>,
    pub bulk: BulkBar,
    pub ticked: Vec<Uuid>,
    pub base: String,
    pub may_send: bool,
    pub ready: usize,
    pub summary: String,
    pub more: Option<String>,
    pub key: Uuid,
}

fn tabs(query: &ListQuery, lang: Lang, counts: [usize; 3]) -> Vec<(String, String, bool)> {
    let path = query.path();
    let filter = query.filter();
    let mut tabs = vec![(
        lang.t(text!("All")).into_owned(),
        path.to_owned(),
        filter.is_empty(),
    )];
    for (standing, count) in Standing::ALL.into_iter().zip(counts) {
        let asked = format!("state={}", standing.code());
        tabs.push((
            format!("{} {count}", lang.t(standing.label())),
            format!("{path}?{asked}"),
            filter == asked,
        ));
    }
    tabs
}

impl ReadyPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_send): (String, bool),
        query: &ListQuery,
        (found, now): (ReadyFound, DateTime<Utc>),
    ) -> Self {
        let counts = found.counts;
        let more = found.cut_at.map(|count| {
            lang.say(
                &Said::new("These are the oldest {count}. The others are looked through when these are sent.")
                    .with("count", count.to_string()),
            )
        });
        let (page, total) = found.page(query);
        let first = Empty {
            icon: "check",
            heading: lang.t("Everything is sent").into_owned(),
            text: lang
                .t("Documents that the authority does not have yet appear here, with what has to be put right first.")
                .into_owned(),
            action: None,
        };
        let list = ListBuilder::new(query, lang, lang.t("Number or customer"))
            .filter(
                "state",
                lang.t("State"),
                &Standing::ALL.map(Standing::code),
                |code| {
                    Standing::ALL
                        .into_iter()
                        .find(|standing| standing.code() == code)
                        .map(|standing| lang.t(standing.label()).into_owned())
                        .unwrap_or_default()
                },
            )
            .tabs(tabs(query, lang, counts))
            .finish(&page, total, first, lang.t("No documents match"));
        let button = BulkButton {
            action: "send",
            label: lang.t("Send").into_owned(),
            icon: "send",
        };
        let mut bulk = BulkBar::new(query, &page, total, vec![button]);
        bulk.action = format!("{base}/e-invoices/send");
        let row = |one: Judged| {
            let (tone, shape) = one.standing.pill();
            let waiting = one.row.next_try_at.map(|at| {
                let label = lang.t(one.row.status.label());
                format!("{label} · {}", silence::next(lang, at, now))
            });
            let mut wrongs = wrongs_of(lang, &base, one.faults);
            if wrongs.is_empty() {
                wrongs.extend(waited(&one.row).silence(lang));
            }
            ReadyRow {
                id: one.document.id.uuid(),
                number: one.document.number.clone(),
                url_no: one.document.url_no.clone(),
                year: one.document.year.clone(),
                date: dates::date(one.document.document_date, lang),
                customer: one.sides.buyer.name.clone(),
                code: one.sides.buyer.code.clone(),
                total: one.document.total.to_string(),
                standing: Pill::new(lang.t(one.standing.label()), tone, shape),
                last_day: one.row.last_day.map(|day| dates::date(day, lang)),
                wrongs,
                waiting,
                may_be_sent: one.standing != Standing::Faulty,
            }
        };
        let rows = page.rows.into_iter().map(row).collect();
        let [ready, refused, faulty] = counts;
        let summary = lang.say(
            &Said::new("{ready} ready · {refused} refused · {faulty} to be put right")
                .with("ready", ready.to_string())
                .with("refused", refused.to_string())
                .with("faulty", faulty.to_string()),
        );
        Self {
            shell,
            list,
            rows,
            bulk,
            ticked: query.ticked(),
            base,
            may_send,
            ready,
            summary,
            more,
            key: new_key(),
        }
    }
}
