//! What is said of a row that only the rest of the catalogue tells.

use crate::kernel::language::Said;

/// The row is about a product that is there, or that a row above it is about.
pub fn again(earlier: Option<u32>, sku: &str) -> Said {
    match earlier {
        Some(line) => Said::new("The same product as row {line}.").with("line", line.to_string()),
        None => Said::new("{sku} is in the catalogue already.").with("sku", sku.to_owned()),
    }
}

/// The row's HSN code is in no list.
pub fn unknown_hsn(code: &str) -> Said {
    Said::new("The HSN code {code} is not in the list. Add a GST rate of your own for it, or for all that begins with {start}, under All settings, Tax rates; then send the row again.")
        .with("code", code.to_owned())
        .with("start", code.get(..2).unwrap_or(code).to_owned())
}

/// A price with GST whose GST nobody knows.
pub fn no_rate(code: &str) -> Said {
    Said::new("The GST can't be taken out of the price: nobody has said a rate for the HSN code {code}. Add one of your own under All settings, Tax rates; then send the row again.")
        .with("code", code.to_owned())
}
