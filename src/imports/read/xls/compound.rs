//! The file that an XLS lies in: sectors, chained by a table. A chain ends after as many sectors as there are, whatever the table says.

use super::{half, long};

/// Numbers from here on mark ends and gaps in the table.
const MARKS: u32 = 0xFFFF_FFFA;
/// Streams that are shorter lie in small sectors of their own.
const SHORT: usize = 4_096;

/// The first stream with one of these names; nothing where there is none, or the file is damaged.
pub fn stream(bytes: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let size = match half(bytes, 30)? {
        9 => 512,
        12 => 4_096,
        _ => return None,
    };
    let sectors = Sectors {
        bytes,
        size,
        skip: size,
    };
    let table = table(&sectors)?;
    let folder = sectors.chain(long(bytes, 48)?, &table, usize::MAX)?;
    let entries: Vec<Entry> = folder.chunks_exact(128).filter_map(entry).collect();
    let found = names.iter().find_map(|name| {
        entries
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(name))
    })?;
    if found.length >= SHORT {
        return sectors.chain(found.start, &table, found.length);
    }
    let root = entries.first()?;
    let all = sectors.chain(root.start, &table, root.length)?;
    let small = Sectors {
        bytes: &all,
        size: 64,
        skip: 0,
    };
    let table = numbers(&sectors.chain(long(bytes, 60)?, &table, usize::MAX)?);
    small.chain(found.start, &table, found.length)
}

struct Entry {
    name: String,
    start: u32,
    length: usize,
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let name: Vec<u16> = (0..32)
        .filter_map(|at| half(bytes, at * 2))
        .take_while(|sign| *sign != 0)
        .collect();
    Some(Entry {
        name: String::from_utf16_lossy(&name),
        start: long(bytes, 116)?,
        length: usize::try_from(long(bytes, 120)?).ok()?,
    })
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    (0..bytes.len() / 4)
        .filter_map(|at| long(bytes, at * 4))
        .collect()
}

/// Which sector follows which.
fn table(sectors: &Sectors) -> Option<Vec<u32>> {
    let mut parts = numbers(sectors.bytes.get(76..512)?);
    let mut next = long(sectors.bytes, 68)?;
    for _ in 0..sectors.count() {
        if next >= MARKS {
            break;
        }
        parts.extend(numbers(sectors.get(next)?));
        next = parts.pop()?;
    }
    let mut table = Vec::new();
    for part in parts.into_iter().filter(|part| *part < MARKS) {
        if table.len() > sectors.count() {
            break;
        }
        table.extend(numbers(sectors.get(part)?));
    }
    Some(table)
}

struct Sectors<'a> {
    bytes: &'a [u8],
    size: usize,
    /// What lies before the first.
    skip: usize,
}

impl Sectors<'_> {
    fn count(&self) -> usize {
        self.bytes.len() / self.size + 1
    }

    /// A sector; the last may be cut off.
    fn get(&self, number: u32) -> Option<&[u8]> {
        let at = usize::try_from(number)
            .ok()?
            .checked_mul(self.size)?
            .checked_add(self.skip)?;
        let end = at.checked_add(self.size)?.min(self.bytes.len());
        self.bytes.get(at..end)
    }

    fn chain(&self, start: u32, table: &[u32], length: usize) -> Option<Vec<u8>> {
        let mut all = Vec::new();
        let mut next = start;
        for _ in 0..self.count() {
            if next >= MARKS || all.len() >= length {
                break;
            }
            all.extend(self.get(next)?);
            next = *table.get(usize::try_from(next).ok()?)?;
        }
        all.truncate(length);
        Some(all)
    }
}
