//! A registrar that is slow, fails, loses its answer or is away: for as many calls as it was told, and to nobody else.

use super::{invoice, october, seller};
use std::time::{Duration, Instant};

#[test]
fn a_lost_answer_has_happened() {
    // given
    let registrar = october();
    let (session, other) = (seller(&registrar), seller(&registrar));
    let document = invoice(&session, "L/1");
    registrar.mood(&session.login.gstin, "losing", "generate", 1);

    // when
    let answer = session.try_post("eicore/v1.03/Invoice", &document);

    // then: no answer, and it is registered; the next call is answered
    assert!(answer.is_none(), "{answer:?}");
    assert_eq!(registrar.registered(&session.login.gstin).len(), 1);
    let found = session.find("INV", "L/1", "01/10/2026");
    assert_eq!(found.word("Status"), "ACT");
    let again = session.generate(&document);
    assert_eq!(
        (again.codes(), &again.note("DUPIRN")["Irn"]),
        (vec!["2150".to_owned()], &found.opened["Irn"])
    );
    assert!(other.generate(&invoice(&other, "L/1")).is_done());

    // and the books know what was asked, in order
    let heard: Vec<(String, Option<String>, bool)> = registrar
        .calls(&session.login.gstin)
        .into_iter()
        .map(|call| (call.method, call.document, call.was_lost))
        .collect();
    let about = || Some("INV L/1".to_owned());
    assert_eq!(
        heard,
        [
            ("POST".to_owned(), None, false),
            ("POST".to_owned(), about(), true),
            ("GET".to_owned(), about(), false),
            ("POST".to_owned(), about(), false),
        ]
    );
}

#[test]
fn a_failing_registrar_does_nothing() {
    // given
    let registrar = october();
    let session = seller(&registrar);
    let document = invoice(&session, "F/1");
    registrar.mood(&session.login.gstin, "failing 2146", "generate", 2);

    // when, then
    for _ in 0..2 {
        assert_eq!(session.generate(&document).codes(), ["2146"]);
        assert_eq!(registrar.registered(&session.login.gstin).len(), 0);
    }
    assert!(session.generate(&document).is_done());
}

#[test]
fn a_registrar_that_is_away_says_503_to_that_kind_of_call() {
    // given: looking up fails, registering does not
    let registrar = october();
    let session = seller(&registrar);
    registrar.mood(&session.login.gstin, "down", "find", 1);

    // when, then
    assert!(session.generate(&invoice(&session, "D/1")).is_done());
    let away = session.find("INV", "D/1", "01/10/2026");
    assert_eq!((away.status, away.json.is_null()), (503, true));
    assert!(session.find("INV", "D/1", "01/10/2026").is_done());
}

#[test]
fn a_slow_registrar_has_done_it_before_it_answers() {
    // given
    let registrar = october();
    let session = seller(&registrar);
    let document = invoice(&session, "S/1");
    registrar.mood(&session.login.gstin, "slow 1500", "", 1);

    // when: while one waits for its answer, the books have the document already
    std::thread::scope(|scope| {
        let began = Instant::now();
        let sent = scope.spawn(|| session.generate(&document));
        crate::support::until("it is registered", || {
            registrar.registered(&session.login.gstin).len() == 1
        });
        let registered_after = began.elapsed();
        let answer = sent.join().unwrap();

        // then
        assert!(answer.is_done());
        assert!(began.elapsed() >= Duration::from_millis(1500));
        assert!(
            registered_after < Duration::from_millis(1500),
            "{registered_after:?}"
        );
    });
}
