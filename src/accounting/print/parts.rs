//! The parts of a document as blocks: its head, parties and facts, totals, payment, signature.

use super::block::{Block, Mark, Side, Style, label, text};
use super::colour::Colour;
use super::layout::{ROOM, fact_label, fact_style};
use super::qr;
use super::studio::Studio;
use crate::accounting::views::sheet::{Fact, Head, Irn, Label, Party, Pay, Weight};

/// Side of the authority's code: 50 mm, as it recommends.
const SIGNED: f32 = 142.0;
/// Side of the code for paying.
const UPI: f32 = 88.0;
/// Height of tile and logo.
const TILE: f32 = 32.0;

/// Who issues, and what it is.
pub fn masthead(studio: &mut Studio, head: &Head, title: &Label, copy: Option<&Label>) -> Block {
    let accent = Colour::accent(head.hue);
    let mut block = Block::default();
    block.fill((0.0, 0.0), (ROOM, 3.0), accent);
    let mut left = Block::default();
    let beside = logo(studio, head, &mut left, accent);
    let setter = &mut studio.setter;
    let width = ROOM * 0.66;
    let name = text(
        setter,
        &head.name,
        Style::bold(15.0),
        width - beside,
        Side::Left,
    );
    let middle = ((TILE - name.height) / 2.0).max(0.0);
    left.put(beside, middle, name);
    left.space(3.0);
    for line in &head.lines {
        left.add(0.0, text(setter, line, Style::ink(8.0), width, Side::Left));
    }
    block.put(0.0, 11.0, left);
    let room = ROOM - width;
    let style = Style::bold(17.0).in_colour(accent);
    let mut right = label(setter, title, style, room, Side::Right);
    if let Some(copy) = copy {
        right.add(
            0.0,
            label(setter, copy, Style::quiet(8.0), room, Side::Right),
        );
    }
    block.put(width, 11.0, right);
    block.space(7.0);
    let y = block.height;
    block.fill((0.0, y), (ROOM, 1.2), accent);
    block
}

/// Draws the logo, or a tile with two letters; how far the name stands beside it.
fn logo(studio: &mut Studio, head: &Head, block: &mut Block, accent: Colour) -> f32 {
    if let Some(image) = head.logo.as_deref().and_then(|png| studio.picture(png)) {
        let (wide, high) = image.size();
        let scale = (TILE / high.max(1) as f32).min(110.0 / wide.max(1) as f32);
        let (width, height) = (wide as f32 * scale, high as f32 * scale);
        block.marks.push(Mark::Picture {
            x: 0.0,
            y: (TILE - height) / 2.0,
            width,
            height,
            image,
        });
        block.height = TILE;
        return width + 10.0;
    }
    block.marks.push(Mark::Fill {
        x: 0.0,
        y: 0.0,
        width: TILE,
        height: TILE,
        radius: 6.0,
        colour: accent,
    });
    block.height = TILE;
    let style = Style::bold(13.0).in_colour(Colour::PAPER);
    let letters = text(
        &mut studio.setter,
        &head.initials,
        style,
        TILE,
        Side::Middle,
    );
    let y = (TILE - letters.height) / 2.0;
    block.put(0.0, y, letters);
    TILE + 10.0
}

/// A sentence that must not be missed, on a ground of its own.
pub fn strip(studio: &mut Studio, said: &Label, ground: Colour, ink: Colour) -> Block {
    let inside = ROOM - 16.0;
    let style = Style::bold(8.0).in_colour(ink);
    let words = label(&mut studio.setter, said, style, inside, Side::Left);
    let mut block = Block::default();
    block.fill((0.0, 0.0), (ROOM, words.height + 8.0), ground);
    block.fill((0.0, 0.0), (2.5, words.height + 8.0), ink);
    block.put(8.0, 4.0, words);
    block
}

/// A small heading.
pub fn small_title(studio: &mut Studio, title: &Label, room: f32) -> Block {
    let style = Style {
        is_bold: true,
        ..Style::quiet(7.2)
    };
    let mut block = text(&mut studio.setter, &title.inline(), style, room, Side::Left);
    block.space(1.5);
    block
}

/// Parties and facts; the authority's code at the right, where there is one.
pub fn info(studio: &mut Studio, parties: &[Party], facts: &[Fact], irn: Option<&Irn>) -> Block {
    let mut block = Block::default();
    match irn.and_then(|irn| irn.qr.as_ref()) {
        Some(code) => {
            let left = ROOM - SIGNED - 16.0;
            block.put(0.0, 0.0, people(studio, parties, left, 2));
            block.space(7.0);
            let y = block.height;
            let half = (left - 18.0) / 2.0;
            let (first, second) = facts.split_at(facts.len().div_ceil(2));
            let one = facts_list(studio, first, half);
            let other = facts_list(studio, second, half);
            block.put(0.0, y, one);
            block.put(half + 18.0, y, other);
            block.put(ROOM - SIGNED, -2.0, qr::code(&code.grid, SIGNED));
        }
        None => {
            let right = if facts.is_empty() { 0.0 } else { 176.0 };
            let columns = parties.len().min(2);
            let left = ROOM - right - if facts.is_empty() { 0.0 } else { 18.0 };
            block.put(0.0, 0.0, people(studio, parties, left, columns));
            block.put(ROOM - right, 0.0, facts_list(studio, facts, right));
        }
    }
    if let Some(irn) = irn {
        let said: Vec<String> = irn
            .lines
            .iter()
            .map(|fact| {
                format!("{} {}", fact.label.text, fact.value)
                    .trim_end()
                    .to_owned()
            })
            .collect();
        block.space(5.0);
        let words = text(
            &mut studio.setter,
            &said.join(" · "),
            Style::quiet(6.6),
            ROOM,
            Side::Left,
        );
        block.add(0.0, words);
    }
    block
}

fn people(studio: &mut Studio, parties: &[Party], room: f32, columns: usize) -> Block {
    let mut block = Block::default();
    let columns = columns.max(1);
    let width = (room - 14.0 * (columns as f32 - 1.0)) / columns as f32;
    for row in parties.chunks(columns) {
        if block.height > 0.0 {
            block.space(6.0);
        }
        let y = block.height;
        for (index, party) in row.iter().enumerate() {
            let person = person(studio, party, width);
            block.put(index as f32 * (width + 14.0), y, person);
        }
    }
    block
}

fn person(studio: &mut Studio, party: &Party, room: f32) -> Block {
    let mut block = small_title(studio, &party.label, room);
    let setter = &mut studio.setter;
    block.add(
        0.0,
        text(setter, &party.name, Style::bold(8.8), room, Side::Left),
    );
    for line in &party.lines {
        block.add(0.0, text(setter, line, Style::ink(8.0), room, Side::Left));
    }
    block
}

fn facts_list(studio: &mut Studio, facts: &[Fact], room: f32) -> Block {
    let mut block = Block::default();
    for fact in facts {
        let line = fact_line(studio, fact, 8.0, room);
        block.add(0.0, line);
        block.space(1.2);
    }
    block
}

/// A label at the left and its value at the right.
fn fact_line(studio: &mut Studio, fact: &Fact, size: f32, room: f32) -> Block {
    let style = fact_style(fact.weight, size);
    let wide = studio.setter.width(&fact.value, style.is_bold, style.size);
    let value_room = wide.min(room * 0.68) + 0.5;
    let mut block = fact_label(
        studio,
        &fact.label,
        fact.weight,
        size,
        room - value_room - 6.0,
    );
    let value = text(
        &mut studio.setter,
        &fact.value,
        style,
        value_room,
        Side::Right,
    );
    block.put(room - value_room, 0.0, value);
    block
}

/// From the taxable value to the total and what is open of it, then the total in words.
pub fn totals(studio: &mut Studio, totals: &[Fact], words: &[Label], room: f32) -> Block {
    let mut block = Block::default();
    for fact in totals {
        let is_grand = fact.weight == Weight::Grand;
        if is_grand {
            block.space(2.0);
            let y = block.height;
            block.fill((0.0, y), (room, 1.2), Colour::INK);
            block.space(2.5);
        }
        let line = fact_line(studio, fact, 8.6, room);
        block.add(0.0, line);
        block.space(1.0);
        if is_grand {
            let y = block.height + 1.5;
            block.fill((0.0, y), (room, 1.2), Colour::INK);
            block.space(3.0);
        }
    }
    for said in words {
        block.space(3.0);
        let said = label(&mut studio.setter, said, Style::bold(8.0), room, Side::Left);
        block.add(0.0, said);
    }
    block
}

/// How to pay and the small print; who signs.
pub fn ending(
    studio: &mut Studio,
    pay: Option<&Pay>,
    terms: &[String],
    signature: Option<&(Label, Label)>,
) -> Block {
    let mut block = Block::default();
    let small = Style::quiet(7.0);
    if let Some(pay) = pay {
        let mut x = 0.0;
        if let Some(code) = &pay.qr {
            block.put(-4.0, 0.0, qr::code(&code.grid, UPI));
            x = UPI + 6.0;
        }
        let room = ROOM * 0.62 - x;
        let mut words = small_title(studio, &pay.label, room);
        for line in &pay.lines {
            let line = text(&mut studio.setter, line, Style::ink(8.0), room, Side::Left);
            words.add(0.0, line);
        }
        words.space(2.0);
        for line in terms {
            let line = text(&mut studio.setter, line, small, room, Side::Left);
            words.add(0.0, line);
        }
        block.put(x, 3.0, words);
    } else {
        for line in terms {
            let line = text(&mut studio.setter, line, small, ROOM * 0.6, Side::Left);
            block.add(0.0, line);
        }
    }
    if let Some((company, who)) = signature {
        let room = ROOM * 0.36;
        let setter = &mut studio.setter;
        let mut sign = label(setter, company, Style::bold(8.4), room, Side::Right);
        sign.space(30.0);
        sign.add(
            0.0,
            label(setter, who, Style::quiet(8.0), room, Side::Right),
        );
        let y = (block.height - sign.height).max(3.0);
        block.put(ROOM - room, y, sign);
    }
    block
}
