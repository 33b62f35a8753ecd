//! Pictures that people send: decoded, made small, and written anew, so that nothing of the sender's bytes is ever served.

use crate::kernel::language::Said;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

/// Widest and highest picture that is decoded, in pixels.
const MOST_PIXELS: u32 = 10_000;
/// Largest area that is decoded, in pixels: what phones take.
const MOST_AREA: u64 = 40_000_000;
/// Most memory that decoding may take, in bytes.
const MOST_MEMORY: u64 = 192 * 1024 * 1024;

/// Pictures are decoded one at a time: a small file can hold a large picture, and many at once would take all the memory there is.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// What somebody sent, decoded and written anew as PNG, no side longer than `side` pixels; a smaller one keeps its size.
///
/// # Errors
/// A sentence for the sender when it is no such picture, damaged, or too large.
pub fn small_png(bytes: &[u8], side: u32) -> Result<Vec<u8>, Said> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    as_png(&decode(bytes)?, side)
}

/// The same in several sizes, decoded once.
///
/// # Errors
/// As [`small_png`].
pub fn small_pngs(bytes: &[u8], sides: &[u32]) -> Result<Vec<Vec<u8>>, Said> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let picture = decode(bytes)?;
    sides.iter().map(|side| as_png(&picture, *side)).collect()
}

/// A picture, decoded. JPEG, PNG and WebP are read.
///
/// # Errors
/// A sentence for the sender when it is no such picture, damaged, or too large to decode.
fn decode(bytes: &[u8]) -> Result<DynamicImage, Said> {
    let unreadable = || {
        Said::new(
            "This picture can't be read. Send a JPEG, PNG or WebP file of at most 10,000 pixels a side.",
        )
    };
    let guessed = || {
        ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|_| unreadable())
    };
    let (width, height) = guessed()?.into_dimensions().map_err(|_| unreadable())?;
    if u64::from(width) * u64::from(height) > MOST_AREA {
        return Err(Said::new(
            "This picture has more than 40 megapixels. Send a smaller one.",
        ));
    }
    let mut reader = guessed()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS);
    limits.max_image_height = Some(MOST_PIXELS);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    reader.decode().map_err(|_| unreadable())
}

/// The picture as PNG, no side longer than `side` pixels; a smaller one keeps its size.
///
/// # Errors
/// A sentence when it can't be written.
fn as_png(picture: &DynamicImage, side: u32) -> Result<Vec<u8>, Said> {
    let is_larger = picture.width() > side || picture.height() > side;
    let small = if is_larger {
        picture.resize(side, side, image::imageops::FilterType::Lanczos3)
    } else {
        picture.clone()
    };
    let mut bytes = Cursor::new(Vec::new());
    small
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(|_| Said::new("This picture can't be made smaller. Send another one."))?;
    Ok(bytes.into_inner())
}
