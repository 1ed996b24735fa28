//! A process file without loss: every character is kept, and single elements can be changed.

mod drawing;
mod edit;
mod error;
mod flows;
mod fragment;
mod layout;
mod redraw;
mod refer;
mod relayout;
mod steps;

pub(crate) use drawing::Drawing;
pub use edit::Place;
pub use error::{EditError, EditReason};
pub(crate) use flows::keeps_lists;
pub use fragment::Fragment;
pub use steps::NewStep;

use crate::limits;
use crate::model::{Element, Model, fault};
use crate::problem::Problem;
use crate::xml::encoding::{self, Encoding};
use crate::xml::tree::{Piece, write};
use crate::xml::{Fault, line_of, scan, view};

/// An XML file that is written back as it was read, but for what was changed on purpose.
///
/// Prefixes, order, comments, processing instructions, CDATA sections, white space, quotes,
/// references, the encoding and foreign elements all stay.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    file: String,
    encoding: Encoding,
    mark: bool,
    pub(crate) pieces: Vec<Piece>,
}

impl Document {
    /// Reads any XML file within the limits of [`limits`].
    ///
    /// # Errors
    /// One problem with its line and the element around it.
    pub fn read(xml: &[u8], file: &str) -> Result<Self, Vec<Problem>> {
        if xml.len() > limits::XML_BYTES {
            let reason =
                format!("the file has {} bytes, more than {}", xml.len(), limits::XML_BYTES);
            return Err(fault("too-large", file, 0, ("", ""), reason));
        }
        let decoded = encoding::decode(xml).map_err(|(offset, reason)| {
            fault("encoding", file, line_of(xml, offset), ("", ""), reason)
        })?;
        let pieces = scan(&decoded.text).map_err(|found| in_file(file, &decoded.text, found))?;
        Ok(Self { file: file.to_owned(), encoding: decoded.encoding, mark: decoded.mark, pieces })
    }

    /// The name of the file, as given to `read`.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The file as text, without a byte order mark.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        write(&self.pieces, &mut text);
        text
    }

    /// The file as bytes, in the encoding it had.
    ///
    /// If a change brought in a character that the encoding does not have, the file becomes UTF-8
    /// and says so.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let text = self.text();
        if let Some(bytes) = encoding::encode(&text, self.encoding, self.mark) {
            return bytes;
        }
        let mut changed = self.clone();
        if let Some(Piece::Other(declaration)) = changed.pieces.first_mut() {
            let named = encoding::declared_encoding(declaration).map(str::to_owned);
            if let Some(named) = named.filter(|_| declaration.starts_with("<?xml")) {
                *declaration = declaration.replacen(&named, "UTF-8", 1);
            }
        }
        changed.text().into_bytes()
    }

    /// The root element, namespaces resolved.
    ///
    /// # Errors
    /// A prefix without a namespace, or an attribute given twice.
    pub fn root(&self) -> Result<Element, Vec<Problem>> {
        view(&self.pieces).map_err(|found| in_file(&self.file, &self.text(), found))
    }

    /// The file as a model, read anew so that lines fit the changed text.
    ///
    /// # Errors
    /// As [`crate::read`].
    pub fn model(&self) -> Result<Model, Vec<Problem>> {
        crate::read(&self.write(), &self.file)
    }
}

fn in_file(file: &str, text: &str, found: Fault) -> Vec<Problem> {
    let line = line_of(text.as_bytes(), found.offset);
    fault("not-well-formed", file, line, (&found.inside, &found.id), found.reason)
}

/// Reads a BPMN 2.0 file and writes it again, with nothing lost.
///
/// # Errors
/// As [`crate::read`].
pub fn convert(xml: &[u8], file: &str) -> Result<Vec<u8>, Vec<Problem>> {
    crate::read(xml, file)?;
    Ok(Document::read(xml, file)?.write())
}
