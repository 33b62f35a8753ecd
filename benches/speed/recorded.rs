//! What the server's log says of a request.

/// What PostgreSQL was sent in one round trip.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// With its marks: `$1`.
    pub text: String,
    /// What stands for them.
    pub values: Vec<Option<String>>,
}

/// What one request sent: the opening of its session, and each transaction that carries its id. `None` while the log does not show all of it.
pub fn statements_of(log: &str, request: &str) -> Option<Vec<Statement>> {
    let logged = logged(log);
    let mark = format!("set_config('app.request_id','{request}'");
    let first = logged
        .iter()
        .position(|(_, statement)| statement.text.contains(&mark))?;
    // A session is opened before the request can name itself. Nobody else asks meanwhile, so the last opening is its own.
    let session = logged
        .iter()
        .take(first)
        .rfind(|(_, statement)| statement.text.contains("session_open("))?;
    let mut found = vec![session.1.clone()];
    for (place, (process, statement)) in logged.iter().enumerate().skip(first) {
        if statement.text.contains(&mark) {
            let own = || logged.iter().skip(place).filter(|one| one.0 == *process);
            let length = own().position(|(_, statement)| statement.text == "COMMIT")?;
            found.extend(
                own()
                    .take(length + 1)
                    .map(|(_, statement)| statement.clone()),
            );
        }
    }
    Some(found)
}

/// The statements in a log, each with the number of the process that ran it.
fn logged(log: &str) -> Vec<(String, Statement)> {
    let mut found: Vec<(String, Statement)> = Vec::new();
    // The further lines of a long statement, and of a value with lines, begin with a tab.
    let log = log.replace("\n\t", "\u{1}");
    for line in log.lines() {
        let Some((process, said)) = line.split_once(' ') else {
            continue;
        };
        let text = match said.strip_prefix("LOG:  ") {
            Some(said) if said.starts_with("statement: ") => said.strip_prefix("statement: "),
            Some(said) if said.starts_with("execute ") => {
                said.split_once(": ").map(|(_, text)| text)
            }
            _ => None,
        };
        if let Some(text) = text {
            let statement = Statement {
                text: text.replace('\u{1}', "\n"),
                values: Vec::new(),
            };
            found.push((process.to_owned(), statement));
        } else if let Some((_, given)) = said
            .strip_prefix("DETAIL:  ")
            .and_then(|said| said.split_once("arameters: "))
            && let Some((_, last)) = found.iter_mut().rfind(|one| one.0 == process)
        {
            last.values = values(&given.replace('\u{1}', "\n"));
        }
    }
    found
}

/// `$1 = 'it''s', $2 = NULL` as values.
fn values(given: &str) -> Vec<Option<String>> {
    let mut found = Vec::new();
    let mut rest = given;
    while let Some((_, after)) = rest.split_once(" = ") {
        let Some(quoted) = after.strip_prefix('\'') else {
            found.push(None);
            rest = after;
            continue;
        };
        let mut value = String::new();
        let mut letters = quoted.char_indices().peekable();
        let mut end = quoted.len();
        while let Some((place, letter)) = letters.next() {
            if letter == '\'' && letters.next_if(|(_, next)| *next == '\'').is_none() {
                end = place + 1;
                break;
            }
            value.push(letter);
        }
        found.push(Some(value));
        rest = quoted.get(end..).unwrap_or_default();
    }
    found
}
