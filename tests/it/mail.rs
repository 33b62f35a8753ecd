//! Letters on their way: over TLS that is checked, with a login, to a server that comes and goes.

use crate::support::postgres::Urls;
use crate::support::process::{self, Process, two_logins};
use crate::support::smtp::{Manners, PostOffice, lonely_address, tls};
use crate::support::tls::Authority;
use crate::support::{Browser, Page, connect, postgres, until, word};
use diesel::connection::SimpleConnection;
use std::sync::Arc;

const PASSWORD: &str = "open-sesame-41";

/// A process that takes its letters to a mail server and trusts an authority for it.
fn serve(urls: &Urls, smtp: &str, authority: &Authority) -> Process {
    let ca = authority.file(postgres::server().folder());
    let mut settings = two_logins(urls);
    settings.extend([
        ("MANDI_SMTP_URL", smtp),
        ("MANDI_SMTP_CA", ca.to_str().unwrap()),
        ("MANDI_MAIL_FROM", "मंडी <orders@test.example>"),
    ]);
    process::serve(&settings)
}

/// The states of all letters, oldest first.
fn states(urls: &Urls) -> String {
    word(
        &urls.owner,
        "select string_agg(status, ',' order by created_at) from mails",
    )
}

/// The page of the one job that sends a letter, by way of the list.
fn job(admin: &Browser) -> Page {
    admin.open("/admin/jobs").click("Letter: code")
}

/// Has the job tried again now, unless its wait is over by itself.
fn hurry(admin: &Browser) {
    let page = job(admin);
    if page.count("#retry") == 1 {
        let answer = page.form("#retry").submit();
        assert!([303, 409].contains(&answer.status), "{}", answer.status);
    }
}

/// What the job that waits for its next try last failed with.
fn failure(urls: &Urls) -> String {
    let sql = "select last_error from jobs where kind = 'mail.send' and state = 'queued'";
    word(&urls.owner, sql)
}

#[test]
fn letters_go_out_encrypted_by_either_way_in_two_parts_and_in_the_readers_language() {
    // given: one server for each way of encrypting, both vouched for by the authority of the settings
    let authority = Authority::new("Test authority");
    let line = tls(&authority.certify("localhost"));
    let wrapped = PostOffice::open(Manners {
        wrapped: Some(Arc::clone(&line)),
        ..Manners::default()
    });
    let upgraded = PostOffice::open(Manners {
        start_tls: Some(line),
        ..Manners::default()
    });
    let urls = process::database("mail_tls");

    // when: a letter in English by the one, a letter in Hindi by the other
    let first = serve(
        &urls,
        &format!("smtps://localhost:{}", wrapped.port()),
        &authority,
    );
    let (english, _) = first.admin(&urls);
    first.ask_for_code(&english);
    until("the English letter is sent", || states(&urls) == "sent");
    drop(first);
    let second = serve(
        &urls,
        &format!("smtp://localhost:{}", upgraded.port()),
        &authority,
    );
    let (hindi, browser) = second.admin(&urls);
    browser
        .open("/me/preferences")
        .form("#preferences")
        .fill("language", "hi")
        .submit()
        .is(303);
    second.ask_for_code(&hindi);
    until("the Hindi letter is sent", || states(&urls) == "sent,sent");

    // then
    let letters = [wrapped.inbox(), upgraded.inbox()].concat();
    assert_eq!(letters.len(), 2);
    let expected = [
        (
            &english,
            "Your code to sign in",
            "this is your code to sign in:",
        ),
        (
            &hindi,
            "साइन इन के लिए आपका कोड",
            "साइन इन के लिए आपका कोड यह है:",
        ),
    ];
    for (letter, (to, subject, words)) in letters.iter().zip(expected) {
        assert!(letter.is_encrypted);
        assert_eq!(letter.from, "orders@test.example");
        assert_eq!(letter.to, [to.as_str()]);
        assert_eq!(letter.header("From"), "मंडी <orders@test.example>");
        assert_eq!(letter.header("To"), *to);
        assert_eq!(letter.header("Subject"), subject);
        assert!(
            letter
                .header("Content-Type")
                .starts_with("multipart/alternative")
        );
        let (text, html) = (letter.part("text/plain"), letter.part("text/html"));
        let code = text
            .split_whitespace()
            .find(|word| word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit()))
            .unwrap();
        assert!(text.contains(words), "{text}");
        assert!(!text.contains('<'), "{text}");
        assert!(html.contains(words) && html.contains(code), "{html}");
        assert!(html.contains("<html lang="), "{html}");
    }
    assert_eq!(
        word(
            &urls.owner,
            "select string_agg(text_body || html_body, '') from mails"
        ),
        "",
        "nothing of a sent letter stays behind"
    );
}

#[test]
fn a_server_that_nobody_vouches_for_gets_no_letter_and_the_letter_waits_with_the_reason() {
    // given: a server whose certificate comes from an authority that we don't trust
    let (trusted, foreign) = (Authority::new("Ours"), Authority::new("Theirs"));
    let office = PostOffice::open(Manners {
        wrapped: Some(tls(&foreign.certify("localhost"))),
        ..Manners::default()
    });
    let urls = process::database("mail_untrusted");
    let url = format!("smtps://localhost:{}", office.port());
    let mandi = serve(&urls, &url, &trusted);

    // when
    let (address, admin) = mandi.admin(&urls);
    mandi.ask_for_code(&address);
    until("the reason is written down", || failure(&urls) != "(null)");
    let error = word(&urls.owner, "select error from mails");

    // then: it waits, and says why where people look
    assert!(error.contains("UnknownIssuer"), "{error}");
    assert_eq!(
        (states(&urls).as_str(), office.inbox()),
        ("waiting", vec![])
    );
    admin
        .open("/admin/messages")
        .shows("tbody tr", "Waiting")
        .shows("tbody .sub", "UnknownIssuer");
    job(&admin)
        .shows(".pill", "Waiting")
        .shows(".notice.bad", "UnknownIssuer");
    drop(mandi);

    // then: nor does one get it that is known by another name
    let named = serve(
        &urls,
        &format!("smtps://127.0.0.1:{}", office.port()),
        &foreign,
    );
    let (_, admin) = named.admin(&urls);
    hurry(&admin);
    until("the other reason is written down", || {
        failure(&urls).contains("not valid for name")
    });
    assert_eq!(
        (states(&urls).as_str(), office.inbox()),
        ("waiting", vec![])
    );
    drop(named);

    // when: its authority is trusted, the same letter goes out
    let mandi = serve(&urls, &url, &foreign);
    let (_, admin) = mandi.admin(&urls);
    hurry(&admin);
    until("it is sent", || states(&urls) == "sent");
    assert_eq!(office.inbox().len(), 1);
    admin
        .open("/admin/messages")
        .shows("tbody tr", "Sent")
        .shows_not("tbody tr", "UnknownIssuer");
}

#[test]
fn a_wrong_password_is_said_everywhere_but_the_password_nowhere() {
    // given: a server that asks for a login
    let authority = Authority::new("Test authority");
    let office = PostOffice::open(Manners {
        start_tls: Some(tls(&authority.certify("localhost"))),
        login: Some(("mandi", PASSWORD)),
        ..Manners::default()
    });
    let urls = process::database("mail_login");
    let url = |password: &str| format!("smtp://mandi:{password}@localhost:{}", office.port());
    let wrong = "shut-sesame-42";
    let mandi = serve(&urls, &url(wrong), &authority);

    // when
    let (address, admin) = mandi.admin(&urls);
    mandi.ask_for_code(&address);
    until("the reason is written down", || failure(&urls) != "(null)");
    let error = word(&urls.owner, "select error from mails");

    // then: in the log, at the letter and at the job; the letter waits, for the job will try again
    assert_eq!(error, "permanent error (535): Invalid credentials");
    until("it is logged", || {
        mandi.log().contains("Invalid credentials")
    });
    let letters = admin.open("/admin/messages");
    letters
        .shows("tbody tr", "Waiting")
        .shows("tbody .sub", "Invalid credentials");
    let page = job(&admin);
    page.shows(".pill", "Waiting")
        .shows(".notice.bad", "Invalid credentials");
    let in_base64 = {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(format!("\0mandi\0{wrong}"))
    };
    for text in [mandi.log(), letters.html, page.html] {
        assert!(
            !text.contains(wrong) && !text.contains(&in_base64),
            "{text}"
        );
    }
    assert_eq!(office.inbox(), []);
    drop(mandi);

    // when: the right password is set
    let mandi = serve(&urls, &url(PASSWORD), &authority);
    let (_, admin) = mandi.admin(&urls);
    hurry(&admin);
    until("it is sent", || states(&urls) == "sent");

    // then
    assert_eq!(office.inbox().len(), 1);
    assert!(office.inbox()[0].is_encrypted);
}

#[test]
fn a_letter_waits_for_a_server_that_is_down_and_goes_out_once_by_itself() {
    // given: nobody listens where the mail server should be
    let authority = Authority::new("Test authority");
    let address = lonely_address();
    let urls = process::database("mail_down");
    let mandi = serve(&urls, &format!("smtp://{address}?tls=none"), &authority);
    let (who, admin) = mandi.admin(&urls);

    // when
    mandi.ask_for_code(&who);
    until("the first try has failed", || {
        word(
            &urls.owner,
            "select string_agg(state || attempts, '') from jobs where kind = 'mail.send'",
        ) == "queued1"
    });

    // then: people see that it waits, and for what
    admin
        .open("/admin/jobs?state=queued")
        .shows("tbody tr", "Letter: code")
        .shows("tbody .sub", "Connection refused");
    admin
        .open("/admin/messages")
        .shows("tbody tr", &who)
        .shows("tbody tr", "Waiting")
        .shows("tbody .sub", "Connection refused");

    // when: the server comes up, nobody needs to do anything
    let office = PostOffice::open_on(address, Manners::default());
    until("it is sent", || states(&urls) == "sent");

    // then
    let inbox = office.inbox();
    assert_eq!(inbox.len(), 1);
    assert_eq!(inbox[0].to, [who.as_str()]);
    assert_eq!(
        word(
            &urls.owner,
            "select state || ' ' || attempts from jobs where kind = 'mail.send'"
        ),
        "done 2"
    );
    admin.open("/admin/messages").shows("tbody tr", "Sent");
}

#[test]
fn the_nightly_sweep_empties_old_letters_and_leaves_younger_ones() {
    // given: letters of every state from 31 days ago and from 29 days ago, one whose job was discarded, and a process with a clock
    let urls = process::database("mail_sweep");
    let mut settings = two_logins(&urls);
    settings.push(("MANDI_JOB_LEASE_SECONDS", "2"));
    let mandi = process::serve(&settings);
    let wound = "select count(*) from schedules where name = 'sweep'";
    until("the clock is wound", || word(&urls.owner, wound) == "1");
    connect(&urls.owner)
        .batch_execute(
            "insert into mails (id, kind, recipient, subject, text_body, html_body, status, created_at)
                select gen_random_uuid(), 'code', status || age || '@test.example', 'Your code', 'code 12345678', '<b>12345678</b>', status, now() - make_interval(days => age)
                from unnest(array['sent', 'kept', 'failed', 'waiting']) status, unnest(array[29, 31]) age;
             insert into mails (id, kind, recipient, subject, text_body, html_body, status, created_at)
                values (gen_random_uuid(), 'code', 'dropped31@test.example', 'Your code', 'code 12345678', '<b>12345678</b>', 'waiting', now() - interval '31 days');
             insert into jobs (id, kind, title, payload, state, run_at, finished_at)
                select gen_random_uuid(), 'mail.send', 'Letter: code', jsonb_build_object('mail', id),
                       case when recipient like 'dropped%' then 'discarded' else 'queued' end, now() + interval '1 day',
                       case when recipient like 'dropped%' then now() end
                from mails where status = 'waiting'",
        )
        .unwrap();

    // when: the hour strikes
    connect(&urls.owner)
        .batch_execute(
            "update schedules set next_run = now() - interval '1 second' where name = 'sweep'",
        )
        .unwrap();
    let swept = "select count(*) from jobs where kind = 'platform.sweep' and state = 'done'";
    until("it is swept", || word(&urls.owner, swept) == "1");

    // then
    let readable = |filter: &str| {
        let sql = format!(
            "select string_agg(split_part(recipient, '@', 1), ' ' order by recipient) from mails where {filter}"
        );
        word(&urls.owner, &sql)
    };
    assert_eq!(
        readable("text_body = 'code 12345678' and html_body = '<b>12345678</b>'"),
        "failed29 kept29 sent29 waiting29 waiting31"
    );
    assert_eq!(
        readable("text_body = '' and html_body = ''"),
        "dropped31 failed31 kept31 sent31"
    );
    // What it was about can still be looked up.
    let (_, admin) = mandi.admin(&urls);
    admin
        .open("/admin/messages")
        .shows("tbody tr", "sent31@test.example");
}
