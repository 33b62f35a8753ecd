//! Pictures that people send: decoded, made small, and written anew, so that nothing of the sender's bytes is ever served.

use crate::kernel::language::Said;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

/// Widest and highest picture that is decoded, in pixels.
const MOST_PIXELS: u32 = 10_000;
/// Largest area that is decoded, in pixels: what phones take.
const MOST_AREA: u64 = 40_000_000;
/// Most memory that decoding may take, in bytes.
const MOST_MEMORY: u64 = 192 * 1024 * 1024;

/// How good a JPEG is, of 100: photos of goods show no loss, and take a tenth of a PNG.
const QUALITY: u8 = 80;

/// Pictures are decoded one at a time: a small file can hold a large picture, and many at once would take all the memory there is.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A picture that was made small and written anew.
#[derive(Clone, Debug)]
pub struct Small {
    /// The file.
    pub bytes: Vec<u8>,
    /// Media type that it is served with.
    pub media_type: &'static str,
    /// How the name of such a file ends, without the dot.
    pub ending: &'static str,
}

/// What somebody sent, as PNG whatever it shows, for where no other kind is read; no side longer than `side` pixels, a smaller one keeps its
/// size.
///
/// # Errors
/// A sentence for the sender when it is no such picture, damaged, or too large.
pub fn small_png(bytes: &[u8], side: u32) -> Result<Vec<u8>, Said> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let (picture, orientation) = decode(bytes)?;
    as_png(&resized(&picture, orientation, side))
}

/// What somebody sent, as JPEG, or as PNG where it shows through; no side longer than `side` pixels, a smaller one keeps its size.
///
/// # Errors
/// As [`small_png`].
pub fn small(bytes: &[u8], side: u32) -> Result<Small, Said> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let (picture, orientation) = decode(bytes)?;
    written(&resized(&picture, orientation, side))
}

/// The same in several sizes, decoded once.
///
/// # Errors
/// As [`small_png`].
pub fn in_sizes(bytes: &[u8], sides: &[u32]) -> Result<Vec<Small>, Said> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let (picture, orientation) = decode(bytes)?;
    sides
        .iter()
        .map(|side| written(&resized(&picture, orientation, *side)))
        .collect()
}

/// A picture, decoded, and how a camera was held that took it. JPEG, PNG and WebP are read.
///
/// # Errors
/// A sentence for the sender when it is no such picture, damaged, or too large to decode.
fn decode(bytes: &[u8]) -> Result<(DynamicImage, Orientation), Said> {
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
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(|_| unreadable())?;
    // What the camera wrote beside the picture may be anything: it says how to turn the picture, and never whether it is one.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    limits
        .reserve(decoder.total_bytes())
        .and_then(|()| decoder.set_limits(limits))
        .map_err(|_| unreadable())?;
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| unreadable())?;
    Ok((picture, orientation))
}

/// The picture with no side longer than `side` pixels, upright. It is turned when it is small already: that takes little memory.
fn resized(picture: &DynamicImage, orientation: Orientation, side: u32) -> DynamicImage {
    let is_larger = picture.width() > side || picture.height() > side;
    let mut small = if is_larger {
        picture.resize(side, side, image::imageops::FilterType::Lanczos3)
    } else {
        picture.clone()
    };
    small.apply_orientation(orientation);
    small
}

fn written(small: &DynamicImage) -> Result<Small, Said> {
    if is_see_through(small) {
        return Ok(Small {
            bytes: as_png(small)?,
            media_type: "image/png",
            ending: "png",
        });
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode_image(&small.to_rgb8())
        .map_err(|_| unwritable())?;
    Ok(Small {
        bytes,
        media_type: "image/jpeg",
        ending: "jpg",
    })
}

/// Whether anything behind the picture is seen: JPEG can't hold that.
fn is_see_through(picture: &DynamicImage) -> bool {
    picture.color().has_alpha()
        && picture
            .to_rgba8()
            .pixels()
            .any(|pixel| pixel.0[3] < u8::MAX)
}

fn as_png(small: &DynamicImage) -> Result<Vec<u8>, Said> {
    let mut bytes = Cursor::new(Vec::new());
    small
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(|_| unwritable())?;
    Ok(bytes.into_inner())
}

fn unwritable() -> Said {
    Said::new("This picture can't be made smaller. Send another one.")
}
