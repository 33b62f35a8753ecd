//! Words that every domain shares. No I/O.
