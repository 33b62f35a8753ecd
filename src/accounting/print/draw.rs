//! Blocks onto the pages of a PDF.

use super::PrintError;
use super::block::{Block, Mark};
use super::colour::Colour;
use super::fonts::Fonts;
use super::layout::PAGE;
use super::qr;
use super::text::Line;
use crate::kernel::language::Lang;
use chrono::{DateTime, Datelike, Timelike, Utc};
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect, Size, Transform};
use krilla::metadata::{self, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;

/// How much of a stamp lets through what it lies on.
const SHEER: f32 = 0.13;
/// The part of a quarter circle's radius at which a curve's handles stand.
const HANDLE: f32 = 0.552_285;

/// What a PDF says of itself.
pub struct About {
    /// Kind and number.
    pub title: String,
    /// Who issues.
    pub company: String,
    /// In which language.
    pub lang: Lang,
    /// When the document was made.
    pub made_at: DateTime<Utc>,
}

/// A PDF while it is written.
pub struct Print {
    document: Document,
    fonts: &'static Fonts,
}

impl Print {
    /// A PDF without pages.
    pub fn new(fonts: &'static Fonts) -> Print {
        Print {
            document: Document::new(),
            fonts,
        }
    }

    /// Adds pages.
    pub fn pages(&mut self, pages: &[Block]) -> Result<(), PrintError> {
        for block in pages {
            let size = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or(PrintError::Shape)?;
            let mut page = self.document.start_page_with(size);
            let mut surface = page.surface();
            for mark in &block.marks {
                draw(&mut surface, self.fonts, mark)?;
            }
            surface.finish();
            page.finish();
        }
        Ok(())
    }

    /// The finished PDF.
    pub fn finish(mut self, about: Option<About>) -> Result<Vec<u8>, PrintError> {
        if let Some(about) = about {
            let made =
                metadata::DateTime::new(u16::try_from(about.made_at.year()).unwrap_or_default())
                    .month(about.made_at.month() as u8)
                    .day(about.made_at.day() as u8)
                    .hour(about.made_at.hour() as u8)
                    .minute(about.made_at.minute() as u8)
                    .second(about.made_at.second() as u8)
                    .utc_offset_hour(0)
                    .utc_offset_minute(0);
            self.document.set_metadata(
                Metadata::new()
                    .title(about.title)
                    .authors(vec![about.company])
                    .creator("Mandi".to_owned())
                    .language(about.lang.code().to_owned())
                    .creation_date(made),
            );
        }
        self.document
            .finish()
            .map_err(|why| PrintError::Writer(format!("{why:?}")))
    }
}

fn fill(colour: Colour, opacity: NormalizedF32) -> Fill {
    let [red, green, blue] = colour.rgb;
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity,
        rule: Default::default(),
    }
}

fn draw(surface: &mut Surface<'_>, fonts: &Fonts, mark: &Mark) -> Result<(), PrintError> {
    match mark {
        Mark::Text {
            x,
            y,
            line,
            size,
            colour,
        } => {
            surface.set_fill(Some(fill(*colour, NormalizedF32::ONE)));
            draw_line(surface, fonts, line, (*x, *y), *size);
        }
        Mark::Fill {
            x,
            y,
            width,
            height,
            radius,
            colour,
        } => {
            surface.set_fill(Some(fill(*colour, NormalizedF32::ONE)));
            if let Some(path) = box_path((*x, *y), (*width, *height), *radius)? {
                surface.draw_path(&path);
            }
        }
        Mark::Code { x, y, side, grid } => {
            let black = Colour { rgb: [0, 0, 0] };
            surface.set_fill(Some(fill(black, NormalizedF32::ONE)));
            if let Some(path) = qr::path(grid, (*x, *y), *side)? {
                surface.draw_path(&path);
            }
        }
        Mark::Picture {
            x,
            y,
            width,
            height,
            image,
        } => {
            let size = Size::from_wh(*width, *height).ok_or(PrintError::Shape)?;
            surface.push_transform(&Transform::from_translate(*x, *y));
            surface.draw_image(image.clone(), size);
            surface.pop();
        }
        Mark::Stamp { line, size } => {
            let sheer = NormalizedF32::new(SHEER).unwrap_or(NormalizedF32::ONE);
            surface.set_fill(Some(fill(Colour::ALARM, sheer)));
            let (wide, high) = (PAGE.0 / 2.0, PAGE.1 / 2.0);
            let (sin, cos) = (-0.9_f32).sin_cos();
            surface.push_transform(&Transform::from_row(cos, sin, -sin, cos, wide, high));
            draw_line(
                surface,
                fonts,
                line,
                (-line.width * size / 2.0, size * 0.36),
                *size,
            );
            surface.pop();
        }
    }
    Ok(())
}

fn draw_line(surface: &mut Surface<'_>, fonts: &Fonts, line: &Line, (x, y): (f32, f32), size: f32) {
    let mut x = x;
    for run in &line.runs {
        let font = fonts.of(run.hand, line.is_bold).font.clone();
        surface.draw_glyphs(
            Point::from_xy(x, y),
            &run.glyphs,
            font,
            &run.text,
            size,
            false,
        );
        x += run.width * size;
    }
}

fn box_path(
    (x, y): (f32, f32),
    (width, height): (f32, f32),
    radius: f32,
) -> Result<Option<Path>, PrintError> {
    let mut path = PathBuilder::new();
    if radius <= 0.0 {
        path.push_rect(Rect::from_xywh(x, y, width, height).ok_or(PrintError::Shape)?);
        return Ok(path.finish());
    }
    let (right, foot) = (x + width, y + height);
    let inner = radius * (1.0 - HANDLE);
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.cubic_to(right - inner, y, right, y + inner, right, y + radius);
    path.line_to(right, foot - radius);
    path.cubic_to(
        right,
        foot - inner,
        right - inner,
        foot,
        right - radius,
        foot,
    );
    path.line_to(x + radius, foot);
    path.cubic_to(x + inner, foot, x, foot - inner, x, foot - radius);
    path.line_to(x, y + radius);
    path.cubic_to(x, y + inner, x + inner, y, x + radius, y);
    path.close();
    Ok(path.finish())
}
