//! Clerks at a process: what each has asked, and what it was answered.

use super::send;
use crate::support::postgres::Urls;
use crate::support::process::Process;
use crate::support::trade::{fleet, goods, packed, placed, shop_of};
use crate::support::{Browser, Page, Shop, Tenant, app_without_workers, ask, tenant_in};
use mandi::kernel::ids::ProductId;
use mandi::platform::permissions::Role;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Mutex;

/// Clerks at work.
const CLERKS: usize = 4;

/// Units of each product at the start.
pub const OPENING: &str = "100000";

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    Confirm,
    Pick,
    Pack,
    Send,
    Deliver,
    Issue,
    /// A payment that is set against nothing yet.
    Record,
    /// A payment that is set against the oldest bills in the same request.
    Pay,
    Allocate,
}

/// A request of a clerk's that may not have got its answer.
pub struct Sent {
    pub clerk: usize,
    pub step: Step,
    pub path: String,
    pub fields: Vec<(String, String)>,
    /// Status, and where the answer led; nothing when none came.
    pub answer: Option<(u16, String)>,
    /// Whether a second clerk was given the same thing to do, so that one of the two may be refused.
    is_contested: bool,
}

/// A company with goods, customers, a fleet and clerks at a process.
pub struct Warehouse {
    pub tenant: Tenant,
    pub shops: Vec<Shop>,
    pub products: [ProductId; 2],
    pub fleet: (String, String),
    pub clerks: Vec<Browser>,
}

impl Warehouse {
    /// One whose clerks are at work at a process.
    pub fn new(urls: &Urls, process: &Process) -> Self {
        let mut warehouse = Self::closed(urls);
        warehouse.move_to(process);
        warehouse
    }

    /// One where nobody is at work yet.
    pub fn closed(urls: &Urls) -> Self {
        let tenant = tenant_in(app_without_workers(urls));
        let products = [
            goods(&tenant, "SOAP", "40", OPENING),
            goods(&tenant, "RICE", "90", OPENING),
        ];
        Self {
            shops: (0..4).map(|_| shop_of(&tenant)).collect(),
            fleet: fleet(&tenant, 5_000),
            clerks: (0..CLERKS)
                .map(|_| tenant.employee(Role::Manager).1)
                .collect(),
            products,
            tenant,
        }
    }

    /// The clerks go on at another process.
    pub fn move_to(&mut self, process: &Process) {
        for clerk in &mut self.clerks {
            *clerk = clerk.moved_to(&process.base);
        }
    }

    /// So many orders of two lines each: their numbers.
    pub fn orders(&self, count: usize) -> Vec<String> {
        let [soap, rice] = self.products;
        (0..count)
            .map(|place| {
                let shop = &self.shops[place % self.shops.len()];
                placed(&self.tenant, shop, &[(soap, "12"), (rice, "5")])
            })
            .collect()
    }

    /// So many packed shipments: their numbers.
    pub fn shipments(&self, count: usize) -> Vec<String> {
        let orders = self.orders(count);
        let list = orders
            .iter()
            .map(|number| format!("'{number}'"))
            .collect::<Vec<_>>()
            .join(",");
        crate::support::run(
            self.tenant.app,
            &format!(
                "update orders set status = 'confirmed', confirmed_at = now() where number in ({list})"
            ),
        );
        orders
            .iter()
            .map(|order| packed(&self.tenant, order))
            .collect()
    }

    /// One value of the database.
    pub fn ask(&self, sql: &str) -> String {
        ask(
            self.tenant.app,
            &format!("select coalesce(({sql})::text, '–') as value"),
        )
    }

    /// The same as a number.
    pub fn number(&self, sql: &str) -> usize {
        self.ask(sql).parse().unwrap()
    }
}

/// A clerk's day: what was asked so far. A step gives back nothing when the connection broke.
pub struct Day<'a> {
    pub warehouse: &'a Warehouse,
    clerk: usize,
    is_contested: bool,
    pub sent: Vec<Sent>,
}

impl<'a> Day<'a> {
    /// The day of somebody whom nobody gets in the way of.
    pub fn alone(warehouse: &'a Warehouse) -> Self {
        Self {
            warehouse,
            clerk: 0,
            is_contested: false,
            sent: Vec::new(),
        }
    }
}

impl Day<'_> {
    pub fn browser(&self) -> &Browser {
        &self.warehouse.clerks[self.clerk]
    }

    pub fn page(&self, rest: &str) -> Option<Page> {
        self.browser().try_get(&self.warehouse.tenant.path(rest))
    }

    pub fn post(
        &mut self,
        step: Step,
        rest: &str,
        fields: Vec<(String, String)>,
    ) -> Option<(u16, String)> {
        let path = self.warehouse.tenant.path(rest);
        let answer = send(self.browser(), &path, &fields);
        self.sent.push(Sent {
            clerk: self.clerk,
            step,
            path,
            fields,
            answer: answer.clone(),
            is_contested: self.is_contested,
        });
        answer
    }
}

/// The number at the end of an address.
pub fn number_in(location: &str) -> &str {
    let last = location.rsplit('/').next().unwrap();
    last.split('?').next().unwrap()
}

/// The clerks work off what lies there, until the program is gone or nothing is left. Every fourth thing is given to two of them.
pub fn work(
    warehouse: &Warehouse,
    things: &[String],
    step: impl Fn(&mut Day, &str) -> Option<()> + Sync,
    strike: impl FnOnce(),
) -> Vec<Sent> {
    let queue: VecDeque<(String, bool)> = things
        .iter()
        .enumerate()
        .flat_map(|(place, thing)| {
            let is_contested = place % 4 == 0;
            let times = 1 + usize::from(is_contested);
            std::iter::repeat_n((thing.clone(), is_contested), times)
        })
        .collect();
    let queue = Mutex::new(queue);
    std::thread::scope(|scope| {
        let clerks: Vec<_> = (0..warehouse.clerks.len())
            .map(|clerk| {
                let (queue, step) = (&queue, &step);
                scope.spawn(move || {
                    let mut day = Day {
                        clerk,
                        ..Day::alone(warehouse)
                    };
                    loop {
                        let next = queue.lock().unwrap().pop_front();
                        let Some((thing, is_contested)) = next else {
                            return day.sent;
                        };
                        day.is_contested = is_contested;
                        if step(&mut day, &thing).is_none() {
                            return day.sent;
                        }
                    }
                })
            })
            .collect();
        strike();
        clerks
            .into_iter()
            .flat_map(|clerk| clerk.join().unwrap())
            .collect()
    })
}

/// Every request without an answer is sent again as it was, and gets one. Gives back how many there were.
#[track_caller]
pub fn answer_all(warehouse: &Warehouse, sent: &mut [Sent], round: usize) -> usize {
    let mut lost = 0;
    for one in sent {
        if one.answer.is_none() {
            lost += 1;
            one.answer = send(&warehouse.clerks[one.clerk], &one.path, &one.fields);
        }
        let (status, to) = one.answer.as_ref().unwrap();
        assert!(
            *status == 303 || *status == 409 && one.is_contested,
            "round {round}: {:?} {} was answered {status} {to}",
            one.step,
            one.path
        );
    }
    lost
}

/// The answers of a step that was taken, each once: a request that came twice has one answer.
pub fn taken(sent: &[Sent], step: Step) -> Vec<&str> {
    sent.iter()
        .filter(|one| one.step == step)
        .filter_map(|one| one.answer.as_ref())
        .filter(|(status, _)| *status == 303)
        .map(|(_, to)| number_in(to))
        .collect()
}

/// Fails when a step was taken twice, or is not what the rows say.
#[track_caller]
pub fn each_once(what: &str, taken: &[&str], rows: usize) {
    let once: BTreeSet<&&str> = taken.iter().collect();
    assert_eq!(once.len(), taken.len(), "{what}: some twice: {taken:?}");
    assert_eq!(rows, taken.len(), "{what}");
}
