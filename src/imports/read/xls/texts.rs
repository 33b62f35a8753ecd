//! Texts in an XLS: in cells, and in the table that cells share.

use super::{Script, half};
use crate::imports::read::book::{too_large, unreadable};
use crate::kernel::language::Said;

/// Texts that cells may share.
const MOST_SHARED: usize = 1_000_000;

/// So many signs from there; since 1997 a byte before them tells how wide they are.
pub fn text(bytes: &[u8], at: usize, length: usize, script: Script) -> Option<String> {
    if !script.is_unicode {
        let end = at.checked_add(length)?.min(bytes.len());
        let (text, _) = script.page.decode_without_bom_handling(bytes.get(at..end)?);
        return Some(text.into_owned());
    }
    if length == 0 {
        return Some(String::new());
    }
    let is_wide = bytes.get(at)? & 1 != 0;
    let mut out = Vec::new();
    signs(bytes.get(at + 1..)?, length, is_wide, &mut out);
    Some(String::from_utf16_lossy(&out))
}

/// Takes signs, as many as there are and are wanted; how many bytes that were.
fn signs(bytes: &[u8], wanted: usize, is_wide: bool, out: &mut Vec<u16>) -> usize {
    if is_wide {
        let count = wanted.min(bytes.len() / 2);
        out.extend((0..count).filter_map(|at| half(bytes, at * 2)));
        count * 2
    } else {
        let count = wanted.min(bytes.len());
        out.extend(bytes[..count].iter().map(|byte| u16::from(*byte)));
        count
    }
}

/// The table of shared texts, from the parts that it is cut into.
pub fn shared(parts: &[&[u8]]) -> Result<Vec<Box<str>>, Said> {
    let mut cut = Cut {
        parts,
        part: 0,
        at: 0,
    };
    let mut all = Vec::new();
    while cut.is_left() {
        if all.len() >= MOST_SHARED {
            return Err(too_large());
        }
        all.push(cut.text().ok_or_else(unreadable)?);
    }
    Ok(all)
}

struct Cut<'a> {
    parts: &'a [&'a [u8]],
    part: usize,
    at: usize,
}

impl<'a> Cut<'a> {
    /// Whether anything is left; goes to the part where it lies.
    fn is_left(&mut self) -> bool {
        while self
            .parts
            .get(self.part)
            .is_some_and(|part| self.at >= part.len())
        {
            self.part += 1;
            self.at = 0;
        }
        self.part < self.parts.len()
    }

    fn rest(&self) -> &'a [u8] {
        let part = self.parts.get(self.part).copied().unwrap_or_default();
        part.get(self.at..).unwrap_or_default()
    }

    fn text(&mut self) -> Option<Box<str>> {
        let head = self.rest();
        let mut left = usize::from(half(head, 0)?);
        let flags = *head.get(2)?;
        self.at += 3;
        let mut skip = 0;
        if flags & 8 != 0 {
            skip += 4 * usize::from(half(self.rest(), 0)?);
            self.at += 2;
        }
        if flags & 4 != 0 {
            skip += usize::try_from(super::long(self.rest(), 0)?).ok()?;
            self.at += 4;
        }
        let mut is_wide = flags & 1 != 0;
        let mut out = Vec::new();
        loop {
            let before = out.len();
            self.at += signs(self.rest(), left, is_wide, &mut out);
            left -= out.len() - before;
            if left == 0 {
                break;
            }
            // The next part tells anew how wide its signs are.
            self.part += 1;
            self.at = 1;
            is_wide = self.parts.get(self.part)?.first()? & 1 != 0;
        }
        while skip > 0 {
            if !self.is_left() {
                return None;
            }
            let step = skip.min(self.rest().len());
            self.at += step;
            skip -= step;
        }
        Some(String::from_utf16_lossy(&out).into_boxed_str())
    }
}
