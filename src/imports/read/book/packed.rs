//! The parts of an XLSX before anybody reads them: measured by unpacking them, never by what they say of themselves.

use super::{too_large, unreadable};
use crate::kernel::language::Said;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufRead, BufReader, Cursor, Error, Read};
use zip::{CompressionMethod, ZipArchive};

/// Most that the parts may weigh unpacked, together, in bytes: a small file can hold a very large one.
const MOST_UNPACKED: u64 = 400_000_000;
/// Parts.
const MOST_PARTS: usize = 10_000;
/// Texts that cells share, and what they and the names in a workbook weigh together, in bytes: they stay in memory.
const MOST_SHARED: (u64, u64) = (1_000_000, 40_000_000);
/// Sheets and names of ranges that a workbook may list.
const MOST_LISTED: u64 = 10_000;
/// Length of one tag or text, and of the text of one cell.
const MOST_TOKEN: u64 = 4_000_000;
/// Length of a tag that says where a part lies.
const MOST_ADDRESS: usize = 8_192;
/// Links that a part may list. A sheet with more links to web pages is read all the same, without them.
const MOST_LINKS: u64 = 5_000;
/// How deep tags may lie in each other.
const MOST_DEPTH: u32 = 200;
/// The shortest shared text there is, in bytes: `<si/>`.
const SHORTEST: u64 = 5;

/// A zip with those parts alone that hold text of sheets, each read to its end and within all limits.
pub fn measured(bytes: &[u8]) -> Result<Vec<u8>, Said> {
    if claims_parts(bytes) {
        return Err(unreadable());
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    if zip.len() > MOST_PARTS {
        return Err(too_large());
    }
    let mut held = Held::default();
    let mut safe = Safe::default();
    for index in 0..zip.len() {
        let part = zip.by_index_raw(index).map_err(|_| unreadable())?;
        let name = part.name().map_err(|_| unreadable())?.into_owned();
        if !is_read(&name) {
            continue;
        }
        // Parts that lie on one another weigh more than the file.
        held.packed += part.compressed_size();
        if held.packed > u64::try_from(bytes.len()).unwrap_or(u64::MAX) {
            return Err(unreadable());
        }
        drop(part);
        let content = zip.by_index(index).map_err(|_| unreadable())?;
        let Some(size) = held.look(content)? else {
            continue;
        };
        let mut part = zip.by_index_raw(index).map_err(|_| unreadable())?;
        let method = match part.compression() {
            CompressionMethod::Stored => 0,
            CompressionMethod::Deflated => 8,
            _ => return Err(unreadable()),
        };
        let sum = part.crc32();
        let mut packed = Vec::new();
        part.read_to_end(&mut packed).map_err(|_| unreadable())?;
        safe.add(&name, (method, sum, size), &packed)
            .ok_or_else(unreadable)?;
    }
    safe.end().ok_or_else(unreadable)
}

/// Whether a list of parts in the long form claims more of them than the short one could.
fn claims_parts(bytes: &[u8]) -> bool {
    let end = bytes.len().saturating_sub(70_000);
    let has = |four: &[u8]| four == b"PK\x06\x07";
    if !bytes[end..].windows(4).any(has) {
        return false;
    }
    bytes
        .windows(56)
        .filter(|record| record.starts_with(b"PK\x06\x06"))
        .any(|record| {
            [24, 32]
                .iter()
                .any(|at| record[at + 2..at + 8].iter().any(|byte| *byte != 0))
        })
}

/// Whether a part is one that is read: formats, colours, drawings and pictures are not.
fn is_read(name: &str) -> bool {
    let name = name.replace('\\', "/").to_ascii_lowercase();
    let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
    let left = [
        "styles.xml",
        "theme1.xml",
        "calcchain.xml",
        "[content_types].xml",
    ];
    is_xml
        && !left.iter().any(|end| name.ends_with(end))
        && !["docprops/", "customxml/"]
            .iter()
            .any(|folder| name.starts_with(folder))
}

/// What the parts hold so far.
#[derive(Default)]
struct Held {
    packed: u64,
    unpacked: u64,
    shared: u64,
    text: u64,
    listed: u64,
}

/// What one part holds.
#[derive(Default)]
struct Part {
    depth: u32,
    /// Shared texts that it says it holds.
    claimed: u64,
    text: u64,
    /// Text since the last cell began.
    cell: u64,
    keeps_text: bool,
    links: u64,
}

impl Held {
    /// Reads a part to its end, as who reads it later does. Its size; nothing where it is left out.
    fn look(&mut self, content: impl Read) -> Result<Option<u64>, Said> {
        let mut xml = Reader::from_reader(Bounded {
            inner: BufReader::new(content),
            left: MOST_UNPACKED.saturating_sub(self.unpacked),
            since: 0,
            size: 0,
        });
        let config = xml.config_mut();
        config.check_end_names = false;
        config.check_comments = false;
        config.trim_text(false);
        config.expand_empty_elements = true;
        let mut part = Part::default();
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            xml.get_mut().since = 0;
            let event = xml.read_event_into(&mut buffer);
            let length = match &event {
                Ok(Event::Text(text)) => text.len(),
                Ok(Event::CData(text)) => text.len(),
                Ok(Event::GeneralRef(name)) => name.len() + 2,
                Ok(Event::Start(tag)) => {
                    self.tag(&mut part, tag)?;
                    0
                }
                Ok(Event::End(_)) => {
                    part.depth = part.depth.saturating_sub(1);
                    0
                }
                Ok(Event::Eof) => break,
                Ok(_) => 0,
                Err(_) if xml.get_ref().is_over() => return Err(too_large()),
                Err(_) => return Err(unreadable()),
            };
            let length = u64::try_from(length).unwrap_or(u64::MAX);
            part.text += length;
            part.cell += length;
            if part.cell > MOST_TOKEN || part.keeps_text && part.text > MOST_SHARED.1 {
                return Err(too_large());
            }
        }
        let size = xml.get_ref().size;
        self.unpacked += size;
        if part.keeps_text {
            self.text += part.text;
        }
        if part.claimed > size / SHORTEST {
            return Err(unreadable());
        }
        if self.text > MOST_SHARED.1 || part.claimed > MOST_SHARED.0 {
            return Err(too_large());
        }
        Ok((part.links <= MOST_LINKS).then_some(size))
    }

    fn tag(&mut self, part: &mut Part, tag: &BytesStart) -> Result<(), Said> {
        part.depth += 1;
        if part.depth > MOST_DEPTH {
            return Err(unreadable());
        }
        let length = tag.len();
        match tag.local_name().as_ref() {
            "c" => part.cell = 0,
            "si" => {
                part.cell = 0;
                self.shared += 1;
            }
            "sst" => {
                part.keeps_text = true;
                part.claimed = part.claimed.max(claimed(tag));
            }
            "definedName" => {
                part.cell = 0;
                part.keeps_text = true;
                self.listed += 1;
                self.text += u64::try_from(length).unwrap_or(u64::MAX);
            }
            "sheet" => {
                self.listed += 1;
                if length > MOST_ADDRESS {
                    return Err(unreadable());
                }
            }
            "Relationship" => {
                part.links += 1;
                if length > MOST_ADDRESS {
                    return Err(unreadable());
                }
            }
            _ => {}
        }
        if self.shared > MOST_SHARED.0 || self.text > MOST_SHARED.1 || self.listed > MOST_LISTED {
            return Err(too_large());
        }
        Ok(())
    }
}

/// The number of texts that a table says it holds apart. `count`, which names how often they are used, may be any.
fn claimed(tag: &str) -> u64 {
    let figure = |after: &str| -> u64 {
        let digits: String = after
            .chars()
            .skip_while(|sign| !sign.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        if digits.is_empty() {
            return 0;
        }
        digits.parse().unwrap_or(u64::MAX)
    };
    tag.split("uniqueCount")
        .skip(1)
        .map(figure)
        .max()
        .unwrap_or(0)
}

/// A part as it is unpacked, with an end to it and to each of its tags and texts.
struct Bounded<R> {
    inner: BufReader<R>,
    left: u64,
    since: u64,
    size: u64,
}

impl<R> Bounded<R> {
    fn is_over(&self) -> bool {
        self.size > self.left || self.since > MOST_TOKEN
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: Read> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.is_over() {
            return Err(Error::other("a part is too large"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        let length = u64::try_from(amount).unwrap_or(u64::MAX);
        self.since += length;
        self.size += length;
        self.inner.consume(amount);
    }
}

/// A zip as it is written: the parts, and the list of them.
#[derive(Default)]
struct Safe {
    bytes: Vec<u8>,
    list: Vec<u8>,
    parts: u16,
}

impl Safe {
    /// A part: its name, how it is packed, the sum and size of what is in it.
    fn add(
        &mut self,
        name: &str,
        (method, sum, size): (u16, u32, u64),
        packed: &[u8],
    ) -> Option<()> {
        let at = u32::try_from(self.bytes.len()).ok()?;
        let mut head = Vec::new();
        // Version 2.0, names in UTF-8, the first of January 1980.
        for field in [20, 0x0800, method, 0, 0x21_u16] {
            head.extend(field.to_le_bytes());
        }
        for field in [
            sum,
            u32::try_from(packed.len()).ok()?,
            u32::try_from(size).ok()?,
        ] {
            head.extend(field.to_le_bytes());
        }
        for field in [u16::try_from(name.len()).ok()?, 0] {
            head.extend(field.to_le_bytes());
        }
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&head);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(packed);
        self.list.extend(b"PK\x01\x02\x14\x00");
        self.list.extend(&head);
        self.list.extend([0; 10]);
        self.list.extend(at.to_le_bytes());
        self.list.extend(name.as_bytes());
        self.parts = self.parts.checked_add(1)?;
        Some(())
    }

    fn end(mut self) -> Option<Vec<u8>> {
        let at = u32::try_from(self.bytes.len()).ok()?;
        let length = u32::try_from(self.list.len()).ok()?;
        self.bytes.append(&mut self.list);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend(self.parts.to_le_bytes());
        self.bytes.extend(self.parts.to_le_bytes());
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(at.to_le_bytes());
        self.bytes.extend([0; 2]);
        Some(self.bytes)
    }
}
