//! The import of a catalogue, by the job that people's files go through, beside a bare COPY of the same rows into a table that is indexed alike.

use crate::process::Process;
use crate::world::World;
use anyhow::{Result, bail};
use std::fmt::Write;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Rows of the file.
pub const ROWS: usize = 100_000;
/// Longest that the job may take.
const PATIENCE: Duration = Duration::from_secs(900);

/// What was found.
pub struct Imported {
    /// Reading and checking every row, writing none.
    pub check: Duration,
    /// Reading, checking and writing every row.
    pub write: Duration,
    /// COPY.
    pub copy: Duration,
}

const BRANDS: [&str; 8] = [
    "Aachi", "Udhaiyam", "Sakthi", "Lion", "Idhayam", "Gopuram", "Anil", "Naga",
];
const GOODS: [&str; 10] = [
    "Rice", "Dal", "Oil", "Powder", "Masala", "Flour", "Soap", "Pickle", "Noodles", "Tea",
];

fn file() -> Result<String> {
    let mut text = String::from("sku,name,brand,category,hsn,unit,pack size,mrp,barcode\n");
    for n in 0..ROWS {
        let (brand, good) = (BRANDS[n % BRANDS.len()], GOODS[n / 7 % GOODS.len()]);
        writeln!(
            text,
            "I-{n:06},{brand} {good} number {n} 500 g,{brand},Imported > Shelf {},3401,PCS,12,{}.50,{}",
            n % 50,
            10 + n % 490,
            8_900_000_000_000_u64 + n as u64
        )?;
    }
    Ok(text)
}

/// Brings the file into company-2, and copies what came of it.
pub async fn run(world: &World, process: &Process) -> Result<Imported> {
    let tenant: Uuid = world
        .ask("select id::text from companies where slug = 'company-2'")?
        .parse()?;
    let (file_id, import) = (Uuid::now_v7(), Uuid::now_v7());
    let folder = world.folder.join("files").join(tenant.to_string());
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(file_id.to_string()), file()?)?;
    let columns = [
        "sku",
        "name",
        "brand",
        "category",
        "hsn",
        "unit",
        "pack_size",
        "mrp",
        "barcode",
    ];
    let columns: Vec<String> = columns
        .iter()
        .zip(0..)
        .map(|(name, place): (_, usize)| format!("\"{name}\": {place}"))
        .collect();
    world.as_superuser(&format!(
        "insert into files (tenant_id, id, name, media_type, bytes, sha256, purpose, needs) values ('{tenant}', '{file_id}', 'goods.csv', 'text/csv', 1, sha256('x'), 'import', 'products.edit');
         insert into imports (tenant_id, id, kind, file_id, file_name, status, settings)
           values ('{tenant}', '{import}', 'products', '{file_id}', 'goods.csv', 'checking', '{{\"heads\": {{\"last\": 1, \"rows\": 1}}, \"columns\": {{{}}}}}')",
        columns.join(", ")
    ))?;
    let check = job(world, process, ("imports.check_products", &tenant, &import)).await?;
    world.as_superuser(&format!("update imports set status = 'running', rows_done = 0, created = 0, merged = 0, refused = 0 where id = '{import}'"))?;
    let write = job(world, process, ("imports.products", &tenant, &import)).await?;
    let done = world.ask(&format!("select created || ' created, ' || merged || ' merged, ' || refused || ' refused' from imports where id = '{import}'"))?;
    if !done.starts_with(&format!("{ROWS} created, 0 ")) {
        bail!("the import of {ROWS} rows: {done}");
    }
    Ok(Imported {
        check,
        write,
        copy: copy(world, &tenant)?,
    })
}

/// Puts a job into the queue and waits for its end; the time is the job's own.
async fn job(
    world: &World,
    process: &Process,
    (kind, tenant, import): (&str, &Uuid, &Uuid),
) -> Result<Duration> {
    let id = Uuid::now_v7();
    world.as_superuser(&format!(
        "insert into jobs (id, tenant_id, kind, title, payload) values ('{id}', '{tenant}', '{kind}', 'Import', '{{\"import\": \"{import}\", \"by\": null}}'); notify mandi_jobs"
    ))?;
    let started = Instant::now();
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let state = world.ask(&format!(
            "select state || ' ' || coalesce(last_error, '') from jobs where id = '{id}'"
        ))?;
        if state.starts_with("done") {
            break;
        }
        if !state.starts_with("queued") && !state.starts_with("running")
            || started.elapsed() > PATIENCE
        {
            bail!("{kind}: {state} ({} MB)", process.resident()?);
        }
    }
    let seconds: f64 = world
        .ask(&format!(
            "select extract(epoch from finished_at - started_at)::text from jobs where id = '{id}'"
        ))?
        .parse()?;
    Ok(Duration::from_secs_f64(seconds))
}

/// The same rows, from a file of the server's, into a twin of the table that holds what the table held.
fn copy(world: &World, tenant: &Uuid) -> Result<Duration> {
    let columns =
        "tenant_id, id, sku, name, brand, category_id, hsn, unit, pack_size, mrp, barcode, status";
    let path = world.ask("select current_setting('data_directory')")? + "/goods.csv";
    world.as_superuser(&format!(
        "create table goods_twin (like products including all);
         insert into goods_twin ({columns}) select {columns} from products where tenant_id <> '{tenant}' or sku not like 'I-%';
         copy (select {columns} from products where tenant_id = '{tenant}' and sku like 'I-%' order by id) to '{path}'"
    ))?;
    world.as_superuser("vacuum analyze goods_twin")?;
    world.as_superuser("checkpoint")?;
    let started = Instant::now();
    world.as_superuser(&format!("copy goods_twin ({columns}) from '{path}'"))?;
    let took = started.elapsed();
    world.as_superuser("drop table goods_twin")?;
    Ok(took)
}
