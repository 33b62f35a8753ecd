//! What a document is set with: fonts, what is shaped already, pictures.

use super::PrintError;
use super::text::Setter;
use krilla::image::Image;

/// The tools for one PDF, however many documents it holds.
pub struct Studio {
    /// Shapes text.
    pub setter: Setter,
    pictures: Vec<(Vec<u8>, Option<Image>)>,
}

impl Studio {
    /// Tools that nothing was done with.
    pub fn new() -> Result<Studio, PrintError> {
        Ok(Studio {
            setter: Setter::new()?,
            pictures: Vec::new(),
        })
    }

    /// A PNG as a picture, read once however often it is drawn; `None` where it can't be read.
    pub fn picture(&mut self, png: &[u8]) -> Option<Image> {
        if let Some((_, image)) = self.pictures.iter().find(|(known, _)| known == png) {
            return image.clone();
        }
        let image = Image::from_png(png.to_vec().into(), true).ok();
        self.pictures.push((png.to_vec(), image.clone()));
        image
    }
}
