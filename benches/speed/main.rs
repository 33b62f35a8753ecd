//! How fast it is: the release build of `mandi serve` beside its floor, in one run on one machine. See docs/performance.md.
//!
//! `bin/bench` runs it. A build without optimisation (`bin/bench --profile dev`) is for trying the bench itself: it writes nothing down.
#![allow(
    clippy::disallowed_methods,
    reason = "the bench makes its own world in the database, before there is an application"
)]

mod floor;
mod load;
mod process;
mod report;
mod world;

use anyhow::Result;
use floor::Floor;
use load::Page;
use process::Process;
use report::{Figures, Measure};
use std::time::Duration;
use world::World;

/// Connections at full speed, of the load generator and of pgbench.
const CLIENTS: usize = 8;
/// Rounds: in each, everything is measured once, so that a neighbour's load falls on page and floor alike.
const ROUNDS: usize = 3;
/// Starts of the program.
const STARTS: usize = 5;

fn main() -> Result<()> {
    if !std::env::args().any(|argument| argument == "--bench") {
        // `cargo test --all-targets` comes by here.
        println!("speed is measured by bin/bench");
        return Ok(());
    }
    // Before anything takes time: whether everything is there.
    floor::pgbench()?;
    let machine = report::machine()?;
    say("PostgreSQL, migrations, data");
    let world = World::open()?;
    let figures = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(measure(&world, machine))?;
    let page = figures.page()?;
    println!("{page}");
    if cfg!(debug_assertions) {
        say("not written down: this build is not optimised");
        return Ok(());
    }
    report::write(&page)?;
    say("written to docs/performance.md");
    Ok(())
}

fn say(what: &str) {
    eprintln!("speed: {what}");
}

async fn measure(world: &World, machine: String) -> Result<Figures> {
    let mut figures = Figures {
        machine,
        postgres: world.ask("'PostgreSQL ' || current_setting('server_version') || ', fsync ' || current_setting('fsync')")?,
        program_bytes: std::fs::metadata(process::program())?.len(),
        ..Figures::default()
    };
    say("starts");
    for _ in 0..STARTS {
        figures.starts.push(Process::start(world).await?.first_page);
    }
    let process = Process::start(world).await?;
    figures.resident.0 = process.resident()?;
    say("sign-ins");
    let mut cookies = Vec::new();
    for number in 1..=world::COMPANIES {
        let email = format!("person-1@company-{number}.example");
        cookies.push(load::sign_in(process.address, &email, world::PASSWORD).await?);
    }
    full_speed(world, &process, &cookies, &mut figures).await?;
    say("50 users");
    let pages: Vec<Page> = cookies
        .iter()
        .zip(1..)
        .map(|(cookie, number)| {
            Page::signed_in(&format!("/c/company-{number}/settings/people"), cookie).compressed()
        })
        .collect();
    load::once_a_second(process.address, &pages, 3).await?;
    for _ in 0..ROUNDS {
        let run = load::once_a_second(process.address, &pages, 20).await?;
        figures.list.add(run);
        figures.resident.1 = figures.resident.1.max(process.resident()?);
    }
    figures.resident.2 = process.most_resident()?;
    Ok(figures)
}

/// The page of one statement, beside its floor and beside pages that need no database.
async fn full_speed(
    world: &World,
    process: &Process,
    cookies: &[String],
    figures: &mut Figures,
) -> Result<()> {
    let employee = world.ask("select e.id::text from employees e join companies c on c.id = e.tenant_id where c.slug = 'company-1' and e.email like 'person-2@%'")?;
    let cookie = cookies.first().map_or("", String::as_str);
    let plain = Page::signed_in(&format!("/c/company-1/settings/people/{employee}"), cookie);
    let compressed = plain.compressed();
    let help = Page::signed_out("/help").compressed();
    let health = Page::signed_out("/health");
    "/c/{company}/settings/people/{id}".clone_into(&mut figures.page);
    figures.page_bytes = (
        load::once(process.address, &compressed).await?.body.len(),
        load::once(process.address, &plain).await?.body.len(),
    );
    let floor = Floor::under(&plain, world, process).await?;
    figures.script.clone_from(&floor.script);
    // The first round warms up and is thrown away.
    for round in 0..=ROUNDS {
        let length = Duration::from_secs(if round == 0 { 1 } else { 5 });
        say(&format!("round {round} of {ROUNDS}"));
        let mut taken = Vec::new();
        for page in [&compressed, &plain, &help, &health] {
            taken.push(load::full_speed(process.address, page, CLIENTS, length).await?);
            figures.resident.1 = figures.resident.1.max(process.resident()?);
        }
        taken.push(floor.run(world, CLIENTS, length)?);
        if round > 0 {
            let measures: [&mut Measure; 5] = [
                &mut figures.compressed,
                &mut figures.plain,
                &mut figures.help,
                &mut figures.health,
                &mut figures.floor,
            ];
            for (measure, run) in measures.into_iter().zip(taken) {
                measure.add(run);
            }
        }
    }
    Ok(())
}
