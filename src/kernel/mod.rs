//! Words that every domain shares: ids, amounts, tax numbers, addresses, dates, languages. No I/O, no clock.
//!
//! A type here is made by parsing what was typed, and holds the proof that it was right. What is wrong comes back as a
//! [`language::Said`]: a sentence that says how to put it right, in the reader's language.

#[macro_use]
mod columns;

pub mod country;
pub mod dates;
pub mod device;
pub mod email;
pub mod gstin;
pub mod ids;
pub mod language;
pub mod money;
pub mod number;
pub mod pan;
pub mod percent;
pub mod phone;
pub mod pin;
pub mod qr;
pub mod quantity;
pub mod slug;
pub mod state;
pub mod text;
pub mod words;
