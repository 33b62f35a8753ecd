//! Issuing an invoice of ten lines beside its floor. An invoice can't be issued twice, so pgbench can't send the same statements again: the floor
//! is made of the statements of one invoice, read from the server's log, each time about another shipment, prepared, over connections that do
//! nothing else.

use crate::floor;
use crate::load::{self, Page, Run};
use crate::process::Process;
use crate::recorded::Statement;
use crate::report::Raced;
use crate::world::{PASSWORD, World};
use crate::{CLIENTS, ROUNDS};
use anyhow::{Context, Result, anyhow, ensure};
use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Barrier;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Invoices of a client in a round.
const EACH: usize = 20;
/// Invoices that warm the program up before one is recorded.
const WARM: usize = 40;
/// Shipments that have to wait: for the program and for the floor, in each round and in one that is thrown away.
pub const SHIPMENTS: usize = 1 + WARM + 2 * (ROUNDS + 1) * CLIENTS * EACH;
/// The shipment whose invoice is recorded.
const FIRST: usize = 1;

/// The form that issues a shipment, as its page offers it.
fn form(cookie: &str, place: usize) -> Page {
    let mut form = format!("_key={{key}}&shipment=SH-{}", number(place));
    for line in 1..=10 {
        form += &format!(
            "&line={}-0004-7000-8000-{line:012}&free=&discount=",
            key(place)
        );
    }
    Page::form("/c/company-2/invoices/new", cookie, form)
}

/// What stands in all numbers of a shipment and its order.
fn number(place: usize) -> String {
    format!("90-{place:05}")
}

/// What all ids of a shipment and its order begin with.
fn key(place: usize) -> String {
    format!("b{place:07x}")
}

/// Program and floor in turn, round by round; each shipment is billed by one of them.
pub async fn run(world: &World, process: &Process) -> Result<Raced> {
    let cookie = load::sign_in(process.address, "person-1@company-2.example", PASSWORD).await?;
    let warm: Vec<Page> = (2..2 + WARM).map(|place| form(&cookie, place)).collect();
    load::in_turn(process.address, &[warm]).await?;
    let began = chrono::Utc::now().timestamp_millis();
    let any = Page::signed_in("/c/company-2/products", &cookie);
    let deadline = floor::listen(&any, world, process).await?;
    let statements = floor::recorded(&form(&cookie, FIRST), world, process, &deadline).await?;
    world.record(false)?;
    let play = Play { statements, began };
    let mut raced = Raced {
        name: "invoice of 10 lines issued".to_owned(),
        script: play.text(),
        ..Raced::default()
    };
    let mut next = 2 + WARM;
    // The first round warms up and is thrown away.
    for round in 0..=ROUNDS {
        let pages: Vec<Vec<Page>> = shares(&mut next)
            .into_iter()
            .map(|places| places.map(|place| form(&cookie, place)).collect())
            .collect();
        let own = load::in_turn(process.address, &pages).await?;
        let floor = play.run(world, &shares(&mut next))?;
        if round > 0 {
            raced.plain.add(own);
            raced.floor.add(floor);
        }
    }
    let billed = world.ask("select count(*)::text from documents d join companies c on c.id = d.tenant_id where c.slug = 'company-2'")?;
    ensure!(
        billed == SHIPMENTS.to_string(),
        "{billed} of {SHIPMENTS} shipments are billed"
    );
    Ok(raced)
}

/// The shipments of each client in a round.
fn shares(next: &mut usize) -> Vec<Range<usize>> {
    (0..CLIENTS)
        .map(|_| {
            let first = *next;
            *next += EACH;
            first..*next
        })
        .collect()
}

/// A statement, its name, and its types.
type Names<'p> = HashMap<&'p str, (String, String)>;

/// The statements of one invoice, to be sent about others.
struct Play {
    statements: Vec<Statement>,
    /// Ids that are no older were made by the request, in milliseconds.
    began: i64,
}

impl Play {
    /// For people to read.
    fn text(&self) -> String {
        let lines = self.statements.iter();
        lines.fold(String::new(), |text, one| text + &one.text + ";\n")
    }

    /// The statements with values, each with the name under which it is prepared and, behind it, the types that the server can't know: without
    /// them it takes a date for an interval where one is taken off, and an amount for a whole number where it is compared with one.
    fn names(&self) -> Names<'_> {
        let with_values = self.statements.iter().filter(|one| !one.values.is_empty());
        let mut names = HashMap::new();
        for one in with_values {
            let name = format!("f{}", names.len());
            let is_date = |value: &String| value.parse::<NaiveDate>().is_ok();
            let is_amount = |value: &String| value.contains('.') && value.parse::<f64>().is_ok();
            let types: Vec<&str> = one
                .values
                .iter()
                .map(|value| match value {
                    Some(value) if is_date(value) => "date",
                    Some(value) if is_amount(value) => "numeric",
                    _ => "unknown",
                })
                .collect();
            names
                .entry(one.text.as_str())
                .or_insert((name, types.join(", ")));
        }
        names
    }

    /// As fast as the connections can, one for each client.
    fn run(&self, world: &World, shares: &[Range<usize>]) -> Result<Run> {
        let names = self.names();
        let barrier = Barrier::new(shares.len());
        let runs: Vec<Result<(Duration, Vec<Duration>)>> = std::thread::scope(|scope| {
            let clients: Vec<_> = shares
                .iter()
                .map(|places| {
                    let (names, barrier, url) = (&names, &barrier, world.urls.app.as_str());
                    scope.spawn(move || self.client(url, names, places.clone(), barrier))
                })
                .collect();
            clients
                .into_iter()
                .map(|client| client.join().map_err(|_| anyhow!("a client broke"))?)
                .collect()
        });
        let mut latencies = Vec::new();
        let mut longest = Duration::ZERO;
        for run in runs {
            let (whole, each) = run?;
            longest = longest.max(whole);
            latencies.extend(each);
        }
        Ok(Run {
            rate: latencies.len() as f64 / longest.as_secs_f64(),
            latencies,
        })
    }

    fn client(
        &self,
        url: &str,
        names: &Names<'_>,
        places: Range<usize>,
        barrier: &Barrier,
    ) -> Result<(Duration, Vec<Duration>)> {
        let ready = self.ready(url, names, places);
        // Whoever is not ready lets the others begin too.
        barrier.wait();
        let (mut pg, scripts) = ready?;
        let began = Instant::now();
        let mut latencies = Vec::new();
        for script in &scripts {
            let asked = Instant::now();
            for statement in script {
                pg.batch_execute(statement)
                    .with_context(|| statement.chars().take(400).collect::<String>())?;
            }
            latencies.push(asked.elapsed());
        }
        Ok((began.elapsed(), latencies))
    }

    /// A connection with everything prepared, and what it has to send.
    fn ready(
        &self,
        url: &str,
        names: &Names<'_>,
        places: Range<usize>,
    ) -> Result<(PgConnection, Vec<Vec<String>>)> {
        let mut pg = PgConnection::establish(url)?;
        for (text, (name, types)) in names {
            pg.batch_execute(&format!("prepare {name} ({types}) as {text}"))
                .with_context(|| (*text).to_owned())?;
        }
        let scripts = places.map(|place| self.about(names, place)).collect();
        Ok((pg, scripts))
    }

    /// The same about another shipment, with ids of its own for what it makes.
    fn about(&self, names: &Names<'_>, place: usize) -> Vec<String> {
        let mut made = HashMap::new();
        let mut other = |value: &str| {
            let value = value
                .replace(&format!("{}-", key(FIRST)), &format!("{}-", key(place)))
                .replace(&number(FIRST), &number(place));
            self.with_new_ids(&value, &mut made)
        };
        let mut script = Vec::new();
        for statement in &self.statements {
            let Some((name, _)) = names.get(statement.text.as_str()) else {
                script.push(statement.text.clone());
                continue;
            };
            let values: Vec<String> = statement
                .values
                .iter()
                .map(|value| match value {
                    Some(value) => format!("'{}'", other(value).replace('\'', "''")),
                    None => "null".to_owned(),
                })
                .collect();
            script.push(format!("execute {name}({})", values.join(", ")));
        }
        script
    }

    fn with_new_ids(&self, value: &str, made: &mut HashMap<String, String>) -> String {
        let mut text = value.to_owned();
        let mut at = 0;
        while at + 36 <= text.len() {
            let id = text.get(at..at + 36);
            let Some(id) = id
                .filter(|id| floor::is_new(id, self.began))
                .map(str::to_owned)
            else {
                at += 1;
                continue;
            };
            let new = made
                .entry(id)
                .or_insert_with(|| Uuid::now_v7().to_string())
                .clone();
            text.replace_range(at..at + 36, &new);
            at += 36;
        }
        text
    }
}
