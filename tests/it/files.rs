//! Files: a logo that comes in, exports that a job makes, who may fetch what, and a store that fails.

use crate::support::{
    Browser, Page, Tenant, app, own_app_set, postgres, retailer, run, tenant, tenant_in,
};
use image::{ImageFormat, RgbaImage};
use mandi::platform::permissions::Role;
use mandi::platform::sweep;
use std::io::Cursor;
use std::time::{Duration, Instant};

/// A picture of one colour.
fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let drawn = RgbaImage::from_pixel(width, height, image::Rgba([180, 40, 20, 255]));
    image::DynamicImage::from(drawn)
        .to_rgb8()
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

/// A PNG of so many bytes or a little more, which decodes.
fn heavy(bytes: usize) -> Vec<u8> {
    let mut picture = picture(8, 8, ImageFormat::Png);
    picture.resize(bytes, 0);
    picture
}

fn send_logo(tenant: &Tenant, name: &str, bytes: &[u8]) -> Page {
    tenant
        .owner
        .open(&tenant.path("/settings/brand"))
        .form("#brand")
        .fill("hue", "150")
        .attach(name, bytes)
        .submit()
}

/// The address of the logo on the company's tile.
fn logo(tenant: &Tenant) -> Option<String> {
    tenant
        .owner
        .open(&tenant.path("/"))
        .attribute("nav#nav img.tile", "src")
}

#[test]
fn a_logo_is_made_small_written_anew_and_shown() {
    // given
    let tenant = tenant();
    assert_eq!(logo(&tenant), None);

    // when
    let saved = send_logo(
        &tenant,
        "our logo.jpg",
        &picture(1400, 700, ImageFormat::Jpeg),
    );

    // then
    saved.is(303);
    saved.follow().shows("#toasts", "The brand is saved.");
    let address = logo(&tenant).unwrap();
    let (status, headers, bytes) = tenant.owner.bytes(&address);
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap()),
        (200, "image/png")
    );
    assert_eq!(
        headers["content-security-policy"],
        "default-src 'none'; sandbox"
    );
    let kept = image::load_from_memory_with_format(&bytes, ImageFormat::Png).unwrap();
    assert_eq!((kept.width(), kept.height()), (512, 256));
}

#[test]
fn a_logo_is_seen_by_the_companys_people_and_its_retailers_and_nobody_else() {
    // given
    let (ours, rival) = (tenant(), tenant());
    let (shop, stranger) = (retailer(&ours), retailer(&rival));
    send_logo(&ours, "logo.png", &picture(64, 64, ImageFormat::Png)).is(303);
    let address = logo(&ours).unwrap();
    let id = address.rsplit('/').next().unwrap().to_owned();
    let (_, driver) = ours.employee(Role::Driver);

    // when, then
    driver.get(&address).is(200);
    shop.owner
        .get(&shop.path(&ours, &format!("/files/{id}")))
        .is(200);
    shop.owner
        .open(&shop.path(&ours, "/"))
        .shows("main, header, body", &ours.name);
    rival.owner.get(&address).is(404);
    rival
        .owner
        .get(&rival.path(&format!("/files/{id}")))
        .is(404);
    stranger
        .owner
        .get(&stranger.path(&rival, &format!("/files/{id}")))
        .is(404);
    stranger.owner.get(&address).is(404);
    Browser::new().get(&address).is(303);
}

#[test]
fn what_is_no_picture_or_too_much_comes_back_beside_the_field() {
    // given
    let tenant = tenant();
    let limit = app().state.config.upload_limit;
    let cases: [(&str, Vec<u8>, &str); 6] = [
        (
            "bomb.png",
            picture(8000, 6000, ImageFormat::Png),
            "This picture has more than 40 megapixels.",
        ),
        (
            "notes.png",
            b"<svg onload=alert(1)>".to_vec(),
            "This picture can't be read.",
        ),
        (
            "cut.png",
            picture(64, 64, ImageFormat::Png)[..60].to_vec(),
            "This picture can't be read.",
        ),
        ("empty.png", Vec::new(), "empty.png is empty."),
        (
            "huge.png",
            heavy(limit + 2_000_000),
            "huge.png is 12 MB. The limit is 10 MB.",
        ),
        (
            "../../etc/passwd",
            b"root".to_vec(),
            "This picture can't be read.",
        ),
    ];
    for (name, bytes, words) in cases {
        // when
        let answer = send_logo(&tenant, name, &bytes);

        // then
        answer
            .is(422)
            .shows("#file-e", words)
            .shows("#errors", words);
        assert_eq!(
            answer.attribute("#hue", "value").as_deref(),
            Some("150"),
            "{name}: what was typed stays"
        );
    }
    assert_eq!(logo(&tenant), None);

    // The same form with a sound picture just under the limit goes through.
    send_logo(&tenant, "logo.png", &heavy(limit - 1000)).is(303);
}

#[test]
fn a_wrong_colour_and_a_wrong_file_are_told_in_one_go() {
    let tenant = tenant();
    let answer = tenant
        .owner
        .open(&tenant.path("/settings/brand"))
        .form("#brand")
        .fill("hue", "red")
        .attach("empty.png", b"")
        .submit();
    answer
        .is(422)
        .shows("#hue-e", "whole number from 0 to 359")
        .shows("#file-e", "empty.png is empty.");
}

#[test]
fn a_file_far_over_the_limit_is_refused_and_the_form_still_works() {
    let tenant = tenant();
    let limit = app().state.config.upload_limit;
    send_logo(&tenant, "film.png", &heavy(limit * 4 + 100_000)).is(413);
    send_logo(&tenant, "logo.png", &picture(20, 20, ImageFormat::Png)).is(303);
}

#[test]
fn a_logo_that_is_replaced_or_removed_is_swept_away_with_its_bytes() {
    // given
    let tenant = tenant();
    send_logo(&tenant, "one.png", &picture(30, 30, ImageFormat::Png)).is(303);
    let first = logo(&tenant).unwrap();
    send_logo(&tenant, "two.png", &picture(40, 40, ImageFormat::Png)).is(303);
    let second = logo(&tenant).unwrap();
    assert_ne!(first, second);
    tenant.owner.get(&first).is(404);

    // when
    tenant
        .owner
        .open(&tenant.path("/settings/brand"))
        .form("#brand")
        .fill("remove", "on")
        .submit()
        .is(303);
    let state = &app().state;
    sweep::all(&state.db, &state.files, state.lifetimes()).unwrap();

    // then
    assert_eq!(logo(&tenant), None);
    let left = postgres::server()
        .folder()
        .join("files")
        .join(tenant.id.to_string());
    assert_eq!(
        std::fs::read_dir(left).unwrap().count(),
        0,
        "no bytes are left"
    );
}

#[test]
fn sending_a_logo_twice_keeps_one() {
    // given
    let tenant = tenant();
    let form = tenant
        .owner
        .open(&tenant.path("/settings/brand"))
        .form("#brand")
        .attach("logo.png", &picture(30, 30, ImageFormat::Png));
    form.clone().submit().is(303);
    let first = logo(&tenant);

    // when
    form.submit().is(303);

    // then
    assert_eq!(logo(&tenant), first);
}

/// Waits until the job's page offers its file, and gives back the file's address.
fn fetched(page: &Page, browser: &Browser) -> String {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let shown = browser.open(&page.path);
        if let Some(address) = shown.attribute("#progress a.btn.primary", "href") {
            return address;
        }
        assert!(Instant::now() < deadline, "no file: {}", shown.html);
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn export(browser: &Browser, list: &str, format: &str) -> Page {
    let page = browser.open(list);
    page.form("#export")
        .press("format", format)
        .submit()
        .follow()
}

#[test]
fn the_audit_log_is_exported_by_a_job_and_holds_what_the_filter_shows() {
    // given
    let tenant = tenant();
    tenant.employee(Role::Sales);
    let list = tenant.path("/settings/audit?record=employees");
    let shown = tenant.owner.open(&list).count("li.body-row");
    assert_eq!(shown, 2);

    // when
    let job = export(&tenant.owner, &list, "csv");

    // then
    job.shows("h1", "Export of the audit log");
    assert!(
        job.html.contains("<noscript><meta http-equiv=\"refresh\""),
        "{}",
        job.html
    );
    let address = fetched(&job, &tenant.owner);
    let (status, headers, bytes) = tenant.owner.bytes(&address);
    assert_eq!(status, 200);
    assert!(
        headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment; filename*=UTF-8''audit-")
    );
    let mut csv = csv::Reader::from_reader(&bytes[3..]);
    assert_eq!(
        csv.headers().unwrap(),
        &["When", "Who", "What", "Record", "Request", "Changes"][..]
    );
    let what: Vec<String> = csv
        .records()
        .map(|row| row.unwrap()[2].to_owned())
        .collect();
    assert_eq!(what, ["Employee added", "Employee added"]);
    tenant
        .owner
        .open(&tenant.path("/downloads"))
        .shows("table", "audit-")
        .shows("table", "KB");
}

#[test]
fn an_export_as_xlsx_is_a_workbook() {
    let tenant = tenant();
    let job = export(&tenant.owner, &tenant.path("/settings/audit"), "xlsx");
    let (_, headers, bytes) = tenant.owner.bytes(&fetched(&job, &tenant.owner));
    assert_eq!(
        headers["content-type"],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    );
    assert_eq!(&bytes[..4], b"PK\x03\x04");
}

#[test]
fn an_export_is_for_those_who_may_read_what_is_in_it() {
    // given
    let (ours, rival) = (tenant(), tenant());
    let shop = retailer(&ours);
    let (_, sales) = ours.employee(Role::Sales);
    let (_, accounts) = ours.employee(Role::Accounts);
    let job = export(&ours.owner, &ours.path("/settings/audit"), "csv");
    let address = fetched(&job, &ours.owner);
    let id = address.rsplit('/').next().unwrap();

    // when, then
    accounts.get(&address).is(200);
    accounts
        .open(&ours.path("/downloads"))
        .shows("table", "audit-");
    sales.get(&address).is(403);
    sales
        .open(&ours.path("/downloads"))
        .shows("main", "No downloads yet");
    rival.owner.get(&address).is(404);
    shop.owner
        .get(&shop.path(&ours, &format!("/files/{id}")))
        .is(404);
    // The job itself is its asker's.
    accounts.get(&job.path).is(404);
}

#[test]
fn the_progress_of_a_job_comes_as_a_stream_to_its_end() {
    // given
    let tenant = tenant();
    let job = export(&tenant.owner, &tenant.path("/settings/audit"), "csv");

    // when
    let stream = tenant.owner.get(&format!("{}/events", job.path));

    // then
    stream.is(200);
    assert_eq!(stream.header("content-type"), "text/event-stream");
    assert!(stream.html.contains("Save the file"), "{}", stream.html);
    assert!(
        stream.html.ends_with("event: done\ndata: done\n\n"),
        "{}",
        stream.html
    );
}

#[test]
fn a_file_store_that_fails_says_so_saves_nothing_and_comes_back() {
    // given an application whose store is a folder of its own
    let folder = postgres::server().folder().join("store-that-fails");
    let url = format!("file://{}", folder.display());
    let tenant = tenant_in(own_app_set("files_fail", &[("MANDI_FILES_URL", &url)]));
    send_logo(&tenant, "logo.png", &picture(30, 30, ImageFormat::Png)).is(303);
    let address = logo(&tenant).unwrap();

    // when the folder is not a folder any more
    let aside = folder.with_extension("aside");
    std::fs::rename(&folder, &aside).unwrap();
    std::fs::write(&folder, b"in the way").unwrap();

    // then
    send_logo(&tenant, "new.png", &picture(31, 31, ImageFormat::Png))
        .is(503)
        .shows("h1", "The file store does not answer");
    assert_eq!(tenant.owner.get(&address).status, 503);
    tenant.owner.open(&tenant.path("/settings/brand")).is(200);

    // and when it is back
    std::fs::remove_file(&folder).unwrap();
    std::fs::rename(&aside, &folder).unwrap();
    tenant.owner.get(&address).is(200);
    send_logo(&tenant, "new.png", &picture(31, 31, ImageFormat::Png)).is(303);
}

#[test]
fn a_file_whose_bytes_are_on_their_way_is_shown_to_nobody() {
    // given: the row of an export that a job is about to store
    let tenant = tenant();
    let id = uuid::Uuid::now_v7();
    app()
        .state
        .files
        .put(tenant.id, id.into(), &mut b"a,b\n".as_slice())
        .unwrap();
    run(app(), &format!(
        "insert into files (tenant_id, id, name, media_type, bytes, sha256, purpose, needs, expires_at, is_pending)
           values ('{}', '{id}', 'half.csv', 'text/csv', 4, sha256('x'), 'export', 'audit.read', now() + interval '1 hour', true)",
        tenant.id
    ));
    let seen = || {
        let listed = tenant
            .owner
            .open(&tenant.path("/downloads"))
            .html
            .contains("half.csv");
        (
            tenant
                .owner
                .get(&tenant.path(&format!("/files/{id}")))
                .status,
            listed,
        )
    };

    // when, then
    assert_eq!(seen(), (404, false));
    run(
        app(),
        &format!("update files set is_pending = false where id = '{id}'"),
    );
    assert_eq!(seen(), (200, true));
}
