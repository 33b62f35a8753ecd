//! A catalogue that comes in while the program is killed, again and again: it resumes by itself, and each row comes in once.

use super::{Killer, books_are_sound, every_job_ends, nothing_is_locked, rounds, short_lease};
use crate::support::imports::{counts, filled, send, settled};
use crate::support::postgres::Urls;
use crate::support::process::{self, Process};
use crate::support::{Browser, PASSWORD, company_of, until, word};
use std::fmt::Write;

/// Rows of the catalogue: more than a process writes before it is killed.
const ROWS: usize = 9_000;

/// Kills of one import while its rows are written; it is left alone then. A job has eight tries.
const KILLS: usize = 4;

/// A catalogue in which some rows are wrong and some say again what one long before them says.
fn catalogue() -> Vec<u8> {
    let mut text = "SKU,Name,Brand,Category,HSN,MRP,Price,Opening stock\n".to_owned();
    for row in 1..=ROWS {
        // The twin of a row of another batch.
        let code = if row > 2_000 && row % 71 == 0 {
            row - 1_500
        } else {
            row
        };
        let mrp = if row % 50 == 0 {
            1
        } else {
            code % 900 * 2 + 10
        };
        writeln!(
            text,
            "K-{code:06},Thing number {code},Maker {},Group {} > Part {},1905,{mrp}.50,{},{}",
            code % 25,
            code % 40,
            code % 7,
            code % 900 + 5,
            code % 50 + 1
        )
        .unwrap();
    }
    text.into_bytes()
}

/// A company that brings the catalogue in.
struct Supplier {
    id: String,
    browser: Browser,
    path: String,
}

impl Supplier {
    /// Sends the file and asks to have it checked.
    fn asks(urls: &Urls, process: &Process, file: &[u8]) -> Self {
        let (id, slug, _, email) = company_of(&urls.owner);
        let browser = process.browser();
        browser.sign_in(&email, PASSWORD).is(200);
        let base = format!("/c/{slug}");
        let sent = send(&browser, &base, "products", "catalogue.csv", file);
        let path = sent.is(303).header("location").to_owned();
        filled(&browser.open(&path), "").submit().is(303);
        Self {
            id: id.to_string(),
            browser,
            path,
        }
    }

    /// Waits until every row is looked at, and has them written.
    fn run(&self) {
        let page = settled(&self.browser, &self.path);
        page.form("#run").submit().is(303);
    }

    /// What came of it, without ids and times: figures, every refused row with its reason, and every row that was made.
    fn came(&self, urls: &Urls) -> String {
        let figures = counts(&settled(&self.browser, &self.path));
        let (status, _, refused) = self
            .browser
            .bytes(&format!("{}/refused?format=csv", self.path));
        assert_eq!(status, 200);
        let rows = word(
            &urls.owner,
            &format!(
                "with p as (select * from products where tenant_id = '{0}')
                   select concat_ws(' ', count(*), count(distinct sku), md5(string_agg(concat_ws('|', sku, name, brand, hsn, mrp,
                       (select path from categories c where c.tenant_id = p.tenant_id and c.id = p.category_id),
                       (select string_agg(i.price || '', ',') from price_items i where i.tenant_id = p.tenant_id and i.product_id = p.id),
                       (select string_agg(m.quantity || '', ',') from stock_moves m where m.tenant_id = p.tenant_id and m.product_id = p.id),
                       (select string_agg(l.on_hand || '', ',') from stock_levels l where l.tenant_id = p.tenant_id and l.product_id = p.id)), e'\\n' order by sku)))
                   from p",
                self.id
            ),
        );
        format!(
            "{figures:?} {rows}\n{}",
            String::from_utf8(refused).unwrap()
        )
    }

    fn ask(&self, urls: &Urls, sql: &str) -> usize {
        word(&urls.owner, &sql.replace("$t", &format!("'{}'", self.id)))
            .parse()
            .unwrap()
    }

    fn done(&self, urls: &Urls) -> usize {
        let sql = "select coalesce(sum(rows_done), 0) from imports where tenant_id = $t";
        self.ask(urls, sql)
    }

    fn is_done(&self, urls: &Urls) -> bool {
        self.ask(
            urls,
            "select count(*) from imports where tenant_id = $t and status = 'done'",
        ) == 1
    }

    /// Waits until a process is at it for the so-manieth time, or it is done.
    fn is_written(&self, urls: &Urls, tries: usize) {
        let begun = "select count(*) from job_attempts a join jobs j on j.id = a.job_id where j.tenant_id = $t and j.kind = 'imports.products'";
        until("the import goes on", || {
            self.ask(urls, begun) >= tries || self.is_done(urls)
        });
    }
}

#[test]
fn an_import_survives_every_kill() {
    // given: what comes of the file when nobody disturbs it
    let urls = process::database("crash_import");
    let folder = tempfile::tempdir().unwrap();
    let files = format!("file://{}", folder.path().display());
    let mut settings = short_lease(&urls);
    settings.push(("MANDI_FILES_URL", &files));
    let (file, killer) = (catalogue(), Killer::new());
    let mut process = process::serve(&settings);
    let quiet = Supplier::asks(&urls, &process, &file);
    quiet.run();
    let expected = quiet.came(&urls);
    assert!(
        expected.starts_with("[9000, 8724, 96, 180] 8724 8724 "),
        "{expected:.80}"
    );

    let (mut left, mut at) = (rounds(), Vec::new());
    while left > 0 {
        // when: a process is killed that looks at the rows, then each that writes them
        let mut supplier = Supplier::asks(&urls, &process, &file);
        killer.strike(&process, &urls, (0, 1_000));
        process = process::serve(&settings);
        supplier.browser = supplier.browser.moved_to(&process.base);
        supplier.run();
        left -= 1;
        let mut kills = 0;
        while left > 0 && kills < KILLS {
            supplier.is_written(&urls, kills + 1);
            if supplier.is_done(&urls) {
                break;
            }
            // One dies with what it took over, while it reads the file or writes its first rows; the next one after it has added some.
            let before = supplier.done(&urls);
            let adds = kills % 2 == 1;
            if adds {
                until("some rows are written", || {
                    supplier.done(&urls) > before || supplier.is_done(&urls)
                });
            }
            let most = if adds { 600 } else { 1_500 };
            killer.strike(&process, &urls, (0, most));
            (left, kills) = (left - 1, kills + 1);
            at.push(supplier.done(&urls));
            process = process::serve(&settings);
            supplier.browser = supplier.browser.moved_to(&process.base);
        }

        // then: it has gone on by itself, and what came is what comes of it undisturbed
        assert_eq!(supplier.came(&urls), expected, "after {kills} kills");
        let staged = "select count(*) from import_rows where tenant_id = $t";
        assert_eq!(supplier.ask(&urls, staged), 276);
        nothing_is_locked(&urls);
        books_are_sound(&urls, "import");
    }
    println!("import: killed after {at:?} rows of {ROWS}");
    killer.has_hit("import");
    every_job_ends(&urls);
}
