//! One struct for each template of operations.

pub mod office;
pub mod platform;

use crate::kernel::language::Lang;
use crate::web::components::Pill;

fn state_word(lang: Lang, state: &str) -> String {
    match state {
        "queued" => lang.t("Waiting"),
        "running" => lang.t("Running"),
        "done" => lang.t("Done"),
        "failed" => lang.t("Failed"),
        _ => lang.t("Discarded"),
    }
    .into_owned()
}

fn pill(lang: Lang, state: &str) -> Pill {
    let (tone, shape) = match state {
        "queued" => ("", ""),
        "running" => ("info", "half"),
        "done" => ("ok", "full"),
        "failed" => ("bad", "full"),
        _ => ("", "plain"),
    };
    Pill::new(state_word(lang, state), tone, shape)
}
