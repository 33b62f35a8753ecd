//! Files in the buckets of others: whole processes against an S3 server and one that speaks Google's protocol.

use crate::support::buckets::{Gcs, S3};
use crate::support::postgres::Urls;
use crate::support::{Browser, PASSWORD, Page, company_of, process, run_in, until};
use image::{ImageFormat, RgbImage};
use std::io::Cursor;

fn logo() -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    RgbImage::from_pixel(40, 40, image::Rgb([20, 90, 60]))
        .write_to(&mut png, ImageFormat::Png)
        .unwrap();
    png.into_inner()
}

/// A company whose process keeps files where the settings say.
struct Served {
    process: process::Process,
    company: String,
    base: String,
    owner: Browser,
}

impl Served {
    fn new(urls: &Urls, store: &[(&'static str, String)]) -> Self {
        let mut settings = process::two_logins(urls);
        settings.extend(store.iter().map(|(name, value)| (*name, value.as_str())));
        let process = process::serve(&settings);
        let (company, slug, _, address) = company_of(&urls.owner);
        let owner = process.browser();
        owner.sign_in(&address, PASSWORD).is(200);
        Self {
            process,
            company: company.to_string(),
            base: format!("/c/{slug}"),
            owner,
        }
    }

    fn send_logo(&self) -> Page {
        self.owner
            .open(&format!("{}/settings/brand", self.base))
            .form("#brand")
            .attach("logo.png", &logo())
            .submit()
    }

    /// The address of the logo on the tile.
    fn logo(&self) -> Option<String> {
        self.owner
            .open(&format!("{}/", self.base))
            .attribute("nav#nav img.tile", "src")
    }
}

#[test]
fn files_go_to_an_s3_bucket_and_come_back_signed_on_the_way() {
    // given
    let (store, urls) = (S3::start(), process::database("bucket_s3"));
    let served = Served::new(&urls, &store.settings(true));

    // when
    served.send_logo().is(303);

    // then
    let address = served.logo().unwrap();
    let (status, _, bytes) = served.owner.bytes(&address);
    assert_eq!(status, 200);
    let file = address.rsplit('/').next().unwrap();
    assert_eq!(
        store.objects(&served.company).get(file),
        Some(&(bytes.len() as u64))
    );
    assert_eq!(image::load_from_memory(&bytes).unwrap().width(), 40);
}

#[test]
fn a_long_export_goes_to_the_bucket_part_by_part() {
    // given a history of 9,000 changes of 1 KB each
    let (store, urls) = (S3::start(), process::database("bucket_parts"));
    let served = Served::new(&urls, &store.settings(true));
    run_in(&urls.owner, &format!(
        "insert into audit_entries (tenant_id, table_name, row_id, action, after)
           select '{}', 'customers', gen_random_uuid(), 'insert', jsonb_build_object('name', repeat('long name ', 100)) from generate_series(1, 9000)",
        served.company
    ));

    // when
    let owner = &served.owner;
    let job = owner
        .open(&format!("{}/settings/audit?record=customers", served.base))
        .form("#export")
        .press("format", "csv")
        .submit()
        .follow();
    until("the export is done", || {
        owner
            .open(&job.path)
            .attribute("#progress a.btn", "href")
            .is_some()
    });

    // then: more than the 5 MiB of one part, whole
    let address = owner
        .open(&job.path)
        .attribute("#progress a.btn", "href")
        .unwrap();
    let (status, headers, bytes) = served.owner.bytes(&address);
    assert_eq!(status, 200);
    assert!(bytes.len() > 9_000_000, "{} bytes", bytes.len());
    assert_eq!(
        headers["content-length"].to_str().unwrap(),
        bytes.len().to_string()
    );
    assert_eq!(
        csv::Reader::from_reader(&bytes[3..])
            .records()
            .map(Result::unwrap)
            .count(),
        9000
    );
}

#[test]
fn a_bucket_that_refuses_the_secret_is_told_in_words_that_hold_no_secret() {
    // given
    let (store, urls) = (S3::start(), process::database("bucket_refused"));
    let served = Served::new(&urls, &store.settings(false));

    // when
    let answer = served.send_logo();

    // then
    answer.is(503).shows("h1", "The file store does not answer");
    assert!(
        served.process.log().contains("file store not reachable"),
        "{}",
        served.process.log()
    );
    assert!(!served.process.log().contains("not-the-secret"));
    assert!(store.objects(&served.company).is_empty());
    assert_eq!(served.logo(), None);
}

#[test]
fn files_go_to_googles_bucket_with_the_accounts_token() {
    // given
    let (store, urls) = (Gcs::start(), process::database("bucket_gcs"));
    let served = Served::new(&urls, &store.settings(true));

    // when
    served.send_logo().is(303);

    // then
    let address = served.logo().unwrap();
    let file = address.rsplit('/').next().unwrap();
    let place = format!("/{}/kept/{}/{file}", Gcs::BUCKET, served.company);
    assert_eq!(store.objects(), [place]);
    assert_eq!(served.owner.bytes(&address).0, 200);
}

#[test]
fn googles_bucket_takes_no_token_of_another_account() {
    let (store, urls) = (Gcs::start(), process::database("bucket_foreign"));
    let served = Served::new(&urls, &store.settings(false));
    served.send_logo().is(503);
    assert!(store.objects().is_empty());
}
