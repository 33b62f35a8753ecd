//! A document on pages: heads, parties, the table broken between rows, sums, codes, signature. Everything in points.

use super::block::{Block, Mark, Side, Style, label, text};
use super::colour::Colour;
use super::parts;
use super::studio::Studio;
use super::table::Measured;
use crate::accounting::views::sheet::{Head, Label, Sheet, Table, TableSheet, Tongues, Weight};
use crate::kernel::language::{Said, text};

/// A4.
pub const PAGE: (f32, f32) = (595.28, 841.89);
/// 12 mm on each side.
pub const MARGIN: f32 = 34.0;
/// Between the margins.
pub const ROOM: f32 = PAGE.0 - 2.0 * MARGIN;
/// Where the contents of a page end; its number stands below.
const BOTTOM: f32 = PAGE.1 - MARGIN - 16.0;
/// Rows that a summary of tax may have to stand beside the totals.
const SHORT: usize = 14;

/// What stands on every page of a document.
struct Furniture<'s> {
    head: &'s Head,
    tongues: Tongues,
    title: &'s Label,
    /// Number and date, or the period.
    name: String,
    closing: &'s Label,
    mark: Option<&'s Label>,
}

/// The pages of a document while it is laid out.
struct Flow<'s, 'f> {
    studio: &'s mut Studio,
    furniture: Furniture<'f>,
    pages: Vec<Block>,
    y: f32,
}

/// The pages of a document.
pub fn sheet(studio: &mut Studio, sheet: &Sheet) -> Vec<Block> {
    let mut flow = Flow::new(
        studio,
        Furniture {
            head: &sheet.head,
            tongues: sheet.tongues,
            title: &sheet.title,
            name: format!("{} · {}", sheet.number, sheet.date),
            closing: &sheet.closing,
            mark: sheet.cancelled.as_ref().map(|cancelled| &cancelled.mark),
        },
    );
    let masthead = parts::masthead(flow.studio, &sheet.head, &sheet.title, sheet.copy.as_ref());
    flow.add(masthead, 9.0);
    if let Some(cancelled) = &sheet.cancelled {
        let strip = parts::strip(
            flow.studio,
            &cancelled.why,
            Colour::ALARM_GROUND,
            Colour::ALARM,
        );
        flow.add(strip, 8.0);
    }
    let info = parts::info(
        flow.studio,
        &sheet.parties,
        &sheet.facts,
        sheet.irn.as_ref(),
    );
    flow.add(info, 9.0);
    for legend in &sheet.legends {
        let tint = Colour::tint(sheet.head.hue);
        let strip = parts::strip(flow.studio, legend, tint, Colour::INK);
        flow.add(strip, 6.0);
    }
    flow.table(&sheet.lines);
    flow.y += 11.0;
    flow.sums(sheet);
    let (pay, signature) = (sheet.pay.as_ref(), sheet.signature.as_ref());
    let ending = parts::ending(flow.studio, pay, &sheet.terms, signature);
    if ending.height > 0.0 {
        flow.keep(ending, 4.0);
    }
    flow.finish()
}

/// The pages of a list.
pub fn list(studio: &mut Studio, sheet: &TableSheet) -> Vec<Block> {
    let mut flow = Flow::new(
        studio,
        Furniture {
            head: &sheet.head,
            tongues: sheet.tongues,
            title: &sheet.title,
            name: sheet.period.clone(),
            closing: &sheet.closing,
            mark: None,
        },
    );
    let period = Label::plain(sheet.period.clone());
    let masthead = parts::masthead(flow.studio, &sheet.head, &sheet.title, Some(&period));
    flow.add(masthead, 9.0);
    let info = parts::info(flow.studio, &sheet.parties, &sheet.facts, None);
    if info.height > 0.0 {
        flow.add(info, 9.0);
    }
    flow.table(&sheet.table);
    flow.y += 11.0;
    if !sheet.totals.is_empty() {
        let width = ROOM * 0.42;
        let totals = parts::totals(flow.studio, &sheet.totals, &[], width);
        let mut block = Block::default();
        block.put(ROOM - width, 0.0, totals);
        flow.keep(block, 9.0);
    }
    let ending = parts::ending(flow.studio, sheet.pay.as_ref(), &[], None);
    if ending.height > 0.0 {
        flow.keep(ending, 4.0);
    }
    flow.finish()
}

impl<'s, 'f> Flow<'s, 'f> {
    fn new(studio: &'s mut Studio, furniture: Furniture<'f>) -> Flow<'s, 'f> {
        Flow {
            studio,
            furniture,
            pages: vec![Block::default()],
            y: MARGIN,
        }
    }

    /// Puts a block below what is there, and leaves room below it.
    fn add(&mut self, block: Block, below: f32) {
        let height = block.height;
        let y = self.y;
        if let Some(page) = self.pages.last_mut() {
            page.put(MARGIN, y, block);
        }
        self.y += height + below;
    }

    /// The same, on the next page where this one has no room for all of it.
    fn keep(&mut self, block: Block, below: f32) {
        if self.y + block.height > BOTTOM {
            self.next_page();
        }
        self.add(block, below);
    }

    fn next_page(&mut self) {
        self.pages.push(Block::default());
        self.y = MARGIN;
        let head = self.slim_head();
        self.add(head, 9.0);
    }

    /// The head of every page but the first.
    fn slim_head(&mut self) -> Block {
        let hue = self.furniture.head.hue;
        let setter = &mut self.studio.setter;
        let mut block = Block::default();
        let half = ROOM / 2.0;
        let name = Style::bold(10.0);
        let what = format!("{} · {}", self.furniture.title.text, self.furniture.name);
        block.put(
            0.0,
            0.0,
            text(setter, &self.furniture.head.name, name, half, Side::Left),
        );
        block.put(
            half,
            1.5,
            text(setter, &what, Style::quiet(8.5), half, Side::Right),
        );
        block.space(4.0);
        let y = block.height;
        block.fill((0.0, y), (ROOM, 1.2), Colour::accent(hue));
        block
    }

    /// A table over as many pages as it needs, its heads on each of them; a row is never cut, and the sums never stand alone.
    fn table(&mut self, table: &Table) {
        let hue = self.furniture.head.hue;
        let measured = Measured::of(&mut self.studio.setter, table, ROOM, hue);
        let head = measured.head(&mut self.studio.setter);
        let foot = measured.foot(&mut self.studio.setter);
        let carried = self.carried();
        let first = table
            .rows
            .first()
            .map(|row| measured.row(&mut self.studio.setter, row));
        let start = head.height + first.map_or(0.0, |row| row.height) + carried.height;
        if self.y + start > BOTTOM {
            self.next_page();
        }
        self.add(head.clone(), 0.0);
        for (index, row) in table.rows.iter().enumerate() {
            let row = measured.row(&mut self.studio.setter, row);
            let is_last = index + 1 == table.rows.len();
            let after = if is_last {
                foot.as_ref().map_or(0.0, |foot| foot.height)
            } else {
                carried.height
            };
            if self.y + row.height + after > BOTTOM {
                self.add(carried.clone(), 0.0);
                self.next_page();
                self.add(head.clone(), 0.0);
            }
            self.add(row, 0.0);
        }
        if let Some(foot) = foot {
            self.add(foot, 0.0);
        }
    }

    /// Says below a table that it goes on.
    fn carried(&mut self) -> Block {
        let said = self
            .furniture
            .tongues
            .label(text!("Continued on the next page"));
        let mut block = Block::default();
        block.space(3.0);
        let words = text(
            &mut self.studio.setter,
            &said.inline(),
            Style::quiet(7.0),
            ROOM,
            Side::Right,
        );
        block.add(0.0, words);
        block
    }

    /// Tax by HSN and the totals: side by side where that fits, else one below the other.
    fn sums(&mut self, sheet: &Sheet) {
        let right = ROOM * 0.4;
        let left = ROOM - right - 22.0;
        let words = sheet.words.as_slice();
        let totals = parts::totals(self.studio, &sheet.totals, words, right);
        let hue = sheet.head.hue;
        match &sheet.by_hsn {
            Some((title, table)) if table.rows.len() <= SHORT => {
                let mut block = parts::small_title(self.studio, title, left);
                let measured = Measured::dense(&mut self.studio.setter, table, left, hue);
                let whole = measured.whole(&mut self.studio.setter);
                block.add(0.0, whole);
                block.put(ROOM - right, 0.0, totals);
                self.keep(block, 12.0);
            }
            summary => {
                let mut block = Block::default();
                block.put(ROOM - right, 0.0, totals);
                self.keep(block, 12.0);
                if let Some((title, table)) = summary {
                    let title = parts::small_title(self.studio, title, ROOM);
                    self.keep(title, 0.0);
                    self.table(table);
                    self.y += 12.0;
                }
            }
        }
    }

    /// Numbers the pages, and gives them what stands on each.
    fn finish(mut self) -> Vec<Block> {
        let count = self.pages.len();
        let mut pages = std::mem::take(&mut self.pages);
        for (index, page) in pages.iter_mut().enumerate() {
            let foot = self.page_foot(index + 1, count);
            page.put(MARGIN, BOTTOM + 5.0, foot);
            if let Some(mark) = self.furniture.mark {
                let line = self.studio.setter.line(&mark.text.to_uppercase(), true);
                let size = (640.0 / line.width.max(1.0)).min(110.0);
                page.marks.push(Mark::Stamp { line, size });
            }
        }
        pages
    }

    fn page_foot(&mut self, page: usize, pages: usize) -> Block {
        let said = Said::new("Page {page} of {pages}")
            .with("page", page.to_string())
            .with("pages", pages.to_string());
        let tongues = self.furniture.tongues;
        let right = format!("{} · {}", self.furniture.name, tongues.say(&said).inline());
        let setter = &mut self.studio.setter;
        let mut block = Block::default();
        block.fill((0.0, 0.0), (ROOM, 0.5), Colour::HAIR);
        let style = Style::quiet(6.5);
        let closing = text(
            setter,
            &self.furniture.closing.inline(),
            style,
            ROOM * 0.55,
            Side::Left,
        );
        block.put(0.0, 3.0, closing);
        let right = text(setter, &right, style, ROOM * 0.43, Side::Right);
        block.put(ROOM * 0.57, 3.0, right);
        block
    }
}

/// How a line of facts is set.
pub fn fact_style(weight: Weight, size: f32) -> Style {
    match weight {
        Weight::Plain => Style::ink(size),
        Weight::Strong => Style::bold(size),
        Weight::Grand => Style::bold(size * 1.28),
    }
}

/// A label for a fact of some weight.
pub fn fact_label(
    studio: &mut Studio,
    fact: &Label,
    weight: Weight,
    size: f32,
    room: f32,
) -> Block {
    let style = match weight {
        Weight::Plain => Style::quiet(size),
        weight => fact_style(weight, size),
    };
    // Both languages on one line where there is room for them.
    let both = fact.inline();
    if studio.setter.width(&both, style.is_bold, style.size) <= room {
        return text(&mut studio.setter, &both, style, room, Side::Left);
    }
    label(&mut studio.setter, fact, style, room, Side::Left)
}
