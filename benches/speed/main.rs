//! How fast it is: the release build of `mandi serve` beside its floor, in one run on one machine. See docs/performance.md.
//!
//! `bin/bench` runs it. A build without optimisation (`bin/bench --profile dev`) is for trying the bench itself: it writes nothing down.
#![allow(
    clippy::disallowed_methods,
    reason = "the bench makes its own world in the database, before there is an application"
)]

mod books;
mod floor;
mod import;
mod issue;
mod load;
mod pages;
mod process;
mod recorded;
mod report;
mod world;

use anyhow::{Context, Result, bail};
use floor::Floor;
use load::Page;
use pages::{Doors, Visit};
use process::Process;
use report::{Figures, Flat, Measure, Paced, Raced};
use std::path::PathBuf;
use std::time::Duration;
use world::{Size, World};

/// Connections at full speed, of the load generator and of pgbench.
const CLIENTS: usize = 8;
/// Rounds: in each, everything is measured once, so that a neighbour's load falls on page and floor alike.
const ROUNDS: usize = 3;
/// Starts of the program.
const STARTS: usize = 5;
/// How long everything is measured in a round.
const LENGTH: Duration = Duration::from_secs(4);

/// What the command line asks for.
struct Wish {
    size: Size,
    data: Option<PathBuf>,
    is_large: bool,
    only: Vec<String>,
}

fn main() -> Result<()> {
    if !std::env::args().any(|argument| argument == "--bench") {
        // `cargo test --all-targets` comes by here.
        println!("speed is measured by bin/bench");
        return Ok(());
    }
    let wish = wish()?;
    if let Some(folder) = &wish.data {
        return generate(folder.clone(), wish.size);
    }
    // Before anything takes time: whether everything is there.
    floor::pgbench()?;
    let machine = report::machine()?;
    let mut figures = Figures {
        machine,
        size: Some(wish.size),
        ..Figures::default()
    };
    let measured = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(measure(&wish, &mut figures));
    // What a run found before it broke off is worth reading too.
    let page = figures.page()?;
    println!("{page}");
    measured?;
    if cfg!(debug_assertions) || !wish.only.is_empty() {
        say("not written down: this is no whole run of an optimised build");
        return Ok(());
    }
    report::write(&page)?;
    say("written to docs/performance.md");
    Ok(())
}

fn say(what: &str) {
    eprintln!("speed: {what}");
}

fn wish() -> Result<Wish> {
    let mut wish = Wish {
        size: Size {
            products: 100_000,
            orders: 100_000,
            has_audit: true,
        },
        data: None,
        is_large: false,
        only: Vec::new(),
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || {
            arguments
                .next()
                .with_context(|| format!("{argument} wants a value"))
        };
        match argument.as_str() {
            "--bench" => {}
            "--data" => wish.data = Some(std::path::absolute(value()?)?),
            "--products" => wish.size.products = value()?.parse()?,
            "--orders" => wish.size.orders = value()?.parse()?,
            "--only" => wish.only = value()?.split(',').map(str::to_owned).collect(),
            "--large" => wish.is_large = true,
            other => bail!("{other}: see docs/performance.md for what can be said"),
        }
    }
    if wish.size.products < 100 || wish.size.orders < 100 {
        bail!("at least 100 products and 100 orders");
    }
    Ok(wish)
}

/// Makes a data folder and leaves it.
fn generate(folder: PathBuf, size: Size) -> Result<()> {
    let world = World::keep(folder, size)?;
    println!(
        "{} holds {} companies, company-1 with {} products and {} orders.\nMANDI_DATA_DIR={0} mandi serve\nperson-1@company-1.example and buyer@shop-1.example sign in with: {}",
        world.folder.display(),
        world::COMPANIES,
        size.products,
        size.orders,
        world::PASSWORD
    );
    Ok(())
}

impl Wish {
    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == part)
    }
}

async fn measure(wish: &Wish, figures: &mut Figures) -> Result<()> {
    say("PostgreSQL, migrations, data");
    let world = World::open(wish.size)?;
    figures.postgres = world.ask("'PostgreSQL ' || current_setting('server_version') || ', fsync ' || current_setting('fsync')")?;
    figures.program_bytes = std::fs::metadata(process::program())?.len();
    say("starts");
    for _ in 0..STARTS {
        figures
            .starts
            .push(Process::start(&world).await?.first_page);
    }
    let process = Process::start(&world).await?;
    figures.resident.0 = process.resident()?;
    say("sign-ins");
    let doors = Doors::open(&world, process.address).await?;
    if wish.wants("race") {
        race(&world, &process, &doors, figures).await?;
    }
    if wish.wants("paced") {
        paced(&world, &process, &doors, figures).await?;
    }
    if wish.wants("import") {
        say("import");
        figures.import = Some(import::run(&world, &process).await?);
        figures.resident.1 = figures.resident.1.max(process.resident()?);
    }
    books(wish, &world, &process, figures).await?;
    if wish.wants("flat") {
        figures.flat = pages::each(&world, &doors)
            .await?
            .into_iter()
            .map(|visit| Flat {
                name: visit.name,
                times: Vec::new(),
            })
            .collect();
        figures.flat_sizes = vec![wish.size];
        alone(&world, &process, &doors, &mut figures.flat).await?;
    }
    figures.resident.2 = process.most_resident()?;
    drop((process, world));
    if wish.wants("flat") {
        let small = Size {
            products: 10_000,
            orders: 1_000,
            has_audit: false,
        };
        let large = Size {
            products: 1_000_000,
            orders: 1_000_000,
            has_audit: false,
        };
        for size in [Some(small), wish.is_large.then_some(large)]
            .into_iter()
            .flatten()
        {
            say(&format!(
                "{} products, {} orders",
                size.products, size.orders
            ));
            let world = World::open(size)?;
            let process = Process::start(&world).await?;
            let doors = Doors::open(&world, process.address).await?;
            alone(&world, &process, &doors, &mut figures.flat).await?;
            figures.flat_sizes.push(size);
        }
    }
    Ok(())
}

/// Invoices, payments, ledgers, PDFs: after everything else, for they have data of their own.
async fn books(wish: &Wish, world: &World, process: &Process, figures: &mut Figures) -> Result<()> {
    if wish.wants("pdf_100") {
        say("100 PDFs");
        figures.books.documents = Some(books::documents()?);
    }
    if ["issue", "allocate_5000", "ledger_100k"]
        .iter()
        .all(|part| !wish.wants(part))
    {
        return Ok(());
    }
    say("books");
    world.load_books(issue::SHIPMENTS)?;
    if wish.wants("issue") {
        say("invoices issued");
        figures.raced.push(issue::run(world, process).await?);
    }
    if wish.wants("allocate_5000") {
        say("payments against 5000 bills and against 200");
        figures.books.payments = books::payments(world, process).await?;
    }
    if wish.wants("ledger_100k") {
        say("a ledger of 100000 entries");
        figures.books.pages = books::pages(process).await?;
    }
    figures.resident.1 = figures.resident.1.max(process.resident()?);
    Ok(())
}

/// Pages at full speed, each beside its floor, and pages that need no database.
async fn race(
    world: &World,
    process: &Process,
    doors: &Doors,
    figures: &mut Figures,
) -> Result<()> {
    let mut races = Vec::new();
    for visit in pages::raced(world, doors, process.address).await? {
        let plain: Vec<Vec<Page>> = visit.clients(CLIENTS);
        let floors = if visit.visits.len() == 1 {
            plain.get(..1)
        } else {
            Some(&*plain)
        };
        let floor = Floor::under(floors.unwrap_or_default(), world, process).await?;
        let bytes = match visit.visits.first().and_then(|visit| visit.last()) {
            Some(page) if !page.is_form() => load::once(process.address, &page.compressed())
                .await?
                .body
                .len(),
            _ => 0,
        };
        races.push((
            plain,
            floor,
            Raced {
                name: visit.name,
                bytes,
                ..Raced::default()
            },
        ));
    }
    let help = vec![vec![Page::signed_out("/help").compressed()]; CLIENTS];
    let health = vec![vec![Page::signed_out("/health")]; CLIENTS];
    // The first round warms up and is thrown away.
    for round in 0..=ROUNDS {
        let length = if round == 0 {
            Duration::from_secs(1)
        } else {
            LENGTH
        };
        say(&format!("round {round} of {ROUNDS}"));
        for (visits, floor, raced) in &mut races {
            let mut taken = vec![load::full_speed(process.address, visits, length).await?];
            if raced.bytes > 0 {
                let compressed: Vec<Vec<Page>> = visits
                    .iter()
                    .map(|visit| visit.iter().map(Page::compressed).collect())
                    .collect();
                taken.push(load::full_speed(process.address, &compressed, length).await?);
            }
            figures.resident.1 = figures.resident.1.max(process.resident()?);
            let under = floor.run(world, CLIENTS, length)?;
            if round > 0 {
                let measures: [&mut Measure; 2] = [&mut raced.plain, &mut raced.compressed];
                measures
                    .into_iter()
                    .zip(taken)
                    .for_each(|(measure, run)| measure.add(run));
                raced.floor.add(under);
            }
        }
        for (visits, measure) in [(&help, &mut figures.help), (&health, &mut figures.health)] {
            let run = load::full_speed(process.address, visits, length).await?;
            if round > 0 {
                measure.add(run);
            }
        }
    }
    for (_, floor, mut raced) in races {
        raced.script = floor.text();
        figures.raced.push(raced);
    }
    Ok(())
}

/// Fifty people, one page a second each.
async fn paced(
    world: &World,
    process: &Process,
    doors: &Doors,
    figures: &mut Figures,
) -> Result<()> {
    for Visit { name, visits, .. } in pages::paced(world, doors, process.address).await? {
        say(&format!("50 users: {name}"));
        let is_order = visits.iter().flatten().any(Page::is_form);
        // A checkout is a cart filled, looked at and ordered; nobody does that every second.
        let (period, times) = if is_order {
            (Duration::from_secs(5), 4)
        } else {
            (Duration::from_secs(1), 10)
        };
        let visits: Vec<Vec<Page>> = visits
            .iter()
            .map(|visit| visit.iter().map(Page::compressed).collect())
            .collect();
        // All at once: so that every connection knows the page, and none plans it while it is timed.
        load::paced(process.address, &visits, period / 20, 2).await?;
        let mut measure = Measure::default();
        measure.add(load::paced(process.address, &visits, period, times).await?);
        figures.resident.1 = figures.resident.1.max(process.resident()?);
        figures.paced.push(Paced {
            name,
            measure,
            budget: if is_order { 120 } else { 50 },
        });
    }
    Ok(())
}

/// Each page by one person alone: the time it takes in the middle.
async fn alone(world: &World, process: &Process, doors: &Doors, flat: &mut [Flat]) -> Result<()> {
    for (visit, flat) in pages::each(world, doors).await?.into_iter().zip(flat) {
        let one = visit.clients(1);
        load::full_speed(process.address, &one, Duration::from_millis(300)).await?;
        let mut measure = Measure::default();
        measure.add(load::full_speed(process.address, &one, Duration::from_secs(1)).await?);
        flat.times.push(measure.within(0.5));
    }
    Ok(())
}
