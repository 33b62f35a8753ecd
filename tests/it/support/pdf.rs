//! Reading a PDF as a person and a phone would: its text, its pages as pictures, the codes on them. Nothing here knows how it was made.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::{Affine, BezPath, Point, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{GrayImage, RgbImage};

/// A glyph on a page: what it stands for, and where, in points from the left top corner.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub text: String,
    pub x: f64,
    pub y: f64,
    pub size: f64,
}

#[derive(Default)]
struct Reader {
    height: f64,
    glyphs: Vec<Drawn>,
}

impl Device<'_> for Reader {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        for glyph in run.glyphs() {
            let flip = Affine::translate((0.0, self.height)) * Affine::scale_non_uniform(1.0, -1.0);
            let place = flip * props.transform * glyph.transform();
            let at = place * Point::ZERO;
            let up = place * Point::new(0.0, 1000.0);
            self.glyphs.push(Drawn {
                text: match glyph.as_unicode() {
                    Some(BfString::Char(letter)) => letter.to_string(),
                    Some(BfString::String(letters)) => letters,
                    None => "\u{FFFD}".to_owned(),
                },
                x: at.x,
                y: at.y,
                size: (up - at).hypot(),
            });
        }
    }
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// Every glyph of each page, in the order in which they are drawn.
pub fn glyphs(bytes: &[u8]) -> Vec<Vec<Drawn>> {
    let pdf = Pdf::new(bytes.to_vec()).expect("a PDF");
    let cache = InterpreterCache::new();
    pdf.pages()
        .iter()
        .map(|page| {
            let mut context = Context::new(
                Affine::IDENTITY,
                Rect::new(0.0, 0.0, 1.0, 1.0),
                &cache,
                pdf.xref(),
                InterpreterSettings::default(),
            );
            let mut reader = Reader {
                height: f64::from(page.render_dimensions().1),
                glyphs: Vec::new(),
            };
            interpret_page(page, &mut context, &mut reader);
            reader.glyphs
        })
        .collect()
}

/// The text of each page; what was drawn elsewhere starts a new line.
pub fn pages(bytes: &[u8]) -> Vec<String> {
    glyphs(bytes)
        .into_iter()
        .map(|glyphs| {
            let mut text = String::new();
            let mut last: Option<Drawn> = None;
            for glyph in glyphs {
                let goes_on = last.as_ref().is_some_and(|last| {
                    let ahead = glyph.x - last.x;
                    (glyph.y - last.y).abs() < 0.6 * glyph.size
                        && (-0.2 * glyph.size..1.3 * glyph.size).contains(&ahead)
                        && (glyph.size - last.size).abs() < 0.2
                });
                if last.is_some() && !goes_on {
                    text.push('\n');
                }
                text.push_str(&glyph.text);
                last = Some(glyph);
            }
            text
        })
        .collect()
}

/// The text of all pages.
pub fn text(bytes: &[u8]) -> String {
    pages(bytes).join("\n\u{c}\n")
}

/// A page as a grey picture. Pages count from 0.
pub fn page(bytes: &[u8], number: usize, dpi: u16) -> GrayImage {
    let picture = coloured(bytes, number, dpi);
    let grey = picture
        .pixels()
        .map(|dot| {
            let [red, green, blue] = dot.0.map(u32::from);
            let sum = red * 299 + green * 587 + blue * 114;
            u8::try_from(sum / 1000).unwrap_or(u8::MAX)
        })
        .collect();
    GrayImage::from_raw(picture.width(), picture.height(), grey).expect("as many dots as it says")
}

/// The same in its colours.
pub fn coloured(bytes: &[u8], number: usize, dpi: u16) -> RgbImage {
    let pdf = Pdf::new(bytes.to_vec()).expect("a PDF");
    let cache = RenderCache::new();
    let scale = f32::from(dpi) / 72.0;
    let picture = render(
        &pdf.pages()[number],
        &cache,
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        },
    );
    let (width, height) = (u32::from(picture.width()), u32::from(picture.height()));
    let dots = picture.data().iter();
    let colours = dots.flat_map(|dot| [dot.r, dot.g, dot.b]).collect();
    RgbImage::from_raw(width, height, colours).expect("as many dots as it says")
}

/// What the codes on a picture hold.
pub fn codes(picture: &GrayImage) -> Vec<String> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut seen = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        picture.get_pixel(x as u32, y as u32).0[0]
    });
    let mut codes: Vec<String> = seen
        .detect_grids()
        .into_iter()
        .filter_map(|grid| grid.decode().ok())
        .map(|(_, text)| text)
        .collect();
    codes.sort();
    codes
}
