//! The lossless tree of an XML text: every character of the text stands in exactly one place.

/// One piece of content, as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Piece {
    /// An element.
    Tag(Box<Tag>),
    /// Character data, references unresolved.
    Text(String),
    /// Everything else, delimiters included: the declaration, comments, instructions.
    Other(String),
    /// A CDATA section, without its delimiters.
    CData(String),
}

/// An element as written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Tag {
    /// Its name with prefix.
    pub(crate) name: String,
    /// Attributes and namespace declarations in the order of the file.
    pub(crate) attributes: Vec<RawAttribute>,
    /// White space before `>` or `/>`.
    pub(crate) tail: String,
    /// Written as one empty tag.
    pub(crate) empty: bool,
    pub(crate) children: Vec<Piece>,
    /// White space in the end tag, before its `>`.
    pub(crate) end_tail: String,
    /// Line of the start tag, from 1; 0 for one that was added.
    pub(crate) line: usize,
    /// Offsets of its first byte and the byte after its last.
    pub(crate) span: (usize, usize),
}

/// An attribute as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RawAttribute {
    /// White space before it.
    pub(crate) lead: String,
    /// Its name with prefix.
    pub(crate) name: String,
    /// The equals sign with white space around it.
    pub(crate) equals: String,
    pub(crate) quote: char,
    /// The value between the quotes, as written.
    pub(crate) raw: String,
}

impl Tag {
    /// The raw attribute with this qualified name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&RawAttribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// Elements inside.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|piece| match piece {
            Piece::Tag(tag) => Some(&**tag),
            _ => None,
        })
    }

    fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        for attribute in &self.attributes {
            out.push_str(&attribute.lead);
            out.push_str(&attribute.name);
            out.push_str(&attribute.equals);
            out.push(attribute.quote);
            out.push_str(&attribute.raw);
            out.push(attribute.quote);
        }
        out.push_str(&self.tail);
        if self.empty && self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        write(&self.children, out);
        out.push_str("</");
        out.push_str(&self.name);
        out.push_str(&self.end_tail);
        out.push('>');
    }
}

/// Writes pieces as text.
pub(crate) fn write(pieces: &[Piece], out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Tag(tag) => tag.write(out),
            Piece::Text(text) | Piece::Other(text) => out.push_str(text),
            Piece::CData(text) => {
                out.push_str("<![CDATA[");
                out.push_str(text);
                out.push_str("]]>");
            }
        }
    }
}

/// The root element of a whole document.
pub(crate) fn root(pieces: &[Piece]) -> Option<&Tag> {
    pieces.iter().find_map(|piece| match piece {
        Piece::Tag(tag) => Some(&**tag),
        _ => None,
    })
}
