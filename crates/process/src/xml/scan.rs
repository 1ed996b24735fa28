//! Scans a text into the lossless tree, checking that it is well-formed and within limits.

use super::Fault;
use super::chars::{self, in_name, is_char, is_qualified, is_space};
use super::tree::{Piece, RawAttribute, Tag};
use crate::limits;

/// Reads a whole document: declaration, what stands before the root, the root, what follows.
pub(crate) fn scan(text: &str) -> Result<Vec<Piece>, Fault> {
    let mut scan =
        Scan { text, at: 0, line: 1, lined: 0, open: Vec::new(), top: Vec::new(), elements: 0 };
    match scan.run() {
        Ok(()) => Ok(scan.top),
        Err(reason) => {
            let around = scan.open.last();
            let id = around.and_then(|tag| tag.attribute("id"));
            Err(Fault {
                offset: scan.at,
                reason,
                inside: around.map(|tag| tag.name.clone()).unwrap_or_default(),
                id: id
                    .map(|id| chars::normalise_attribute(&id.raw).into_owned())
                    .unwrap_or_default(),
            })
        }
    }
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// Line at the offset `lined`.
    line: usize,
    lined: usize,
    open: Vec<Tag>,
    top: Vec<Piece>,
    elements: usize,
}

impl<'a> Scan<'a> {
    fn run(&mut self) -> Result<(), String> {
        if self.rest().starts_with("<?xml") && self.rest().chars().nth(5).is_some_and(is_space) {
            self.declaration()?;
        }
        while !self.rest().is_empty() {
            self.piece()?;
        }
        if let Some(open) = self.open.last() {
            return Err(format!("the file ends inside {}", open.name));
        }
        match super::tree::root(&self.top) {
            Some(_) => Ok(()),
            None => Err("there is no root element".to_owned()),
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes the rest up to and including `end`.
    fn until(&mut self, end: &str, what: &str) -> Result<&'a str, String> {
        let rest = self.rest();
        let length = rest.find(end).ok_or_else(|| format!("{what} does not end"))? + end.len();
        let taken = rest.get(..length).unwrap_or_default();
        self.check_chars(taken)?;
        self.at += length;
        Ok(taken)
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn check_chars(&mut self, text: &str) -> Result<(), String> {
        match text.char_indices().find(|(_, c)| !is_char(*c)) {
            Some((at, c)) => {
                self.at += at;
                Err(format!("the character U+{:04X} is not allowed in XML", u32::from(c)))
            }
            None => Ok(()),
        }
    }

    fn add(&mut self, piece: Piece) {
        match self.open.last_mut() {
            Some(tag) => tag.children.push(piece),
            None => self.top.push(piece),
        }
    }

    fn line_here(&mut self) -> usize {
        let passed = self.text.as_bytes().get(self.lined..self.at).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.lined = self.at;
        self.line
    }

    fn declaration(&mut self) -> Result<(), String> {
        let raw = self.until("?>", "the XML declaration")?;
        let body = raw.strip_prefix("<?xml").and_then(|raw| raw.strip_suffix("?>"));
        let mut names = Vec::new();
        for part in pseudo_attributes(body.unwrap_or_default())? {
            names.push(part.0);
            let fine = match part.0 {
                "version" => part.1.starts_with("1.") && part.1.len() > 2,
                "encoding" => part.1.starts_with(|c: char| c.is_ascii_alphabetic()),
                "standalone" => matches!(part.1, "yes" | "no"),
                _ => false,
            };
            if !fine {
                return Err(format!("the XML declaration says {}={:?}", part.0, part.1));
            }
        }
        let order: &[&[&str]] = &[
            &["version"],
            &["version", "encoding"],
            &["version", "standalone"],
            &["version", "encoding", "standalone"],
        ];
        if !order.contains(&names.as_slice()) {
            return Err("the XML declaration is not well-formed".to_owned());
        }
        self.add(Piece::Other(raw.to_owned()));
        Ok(())
    }

    fn piece(&mut self) -> Result<(), String> {
        let rest = self.rest();
        if rest.starts_with("<!--") {
            return self.comment();
        }
        if rest.starts_with("<![CDATA[") {
            return self.cdata();
        }
        if rest.starts_with("<?") {
            return self.instruction();
        }
        if rest.starts_with("</") {
            return self.end_tag();
        }
        if rest.starts_with("<!") {
            let doctype = rest.get(2..9).is_some_and(|word| word.eq_ignore_ascii_case("doctype"));
            return Err(match doctype {
                true => "a document type (DTD) is not accepted".to_owned(),
                false => "expected an element, but found <!".to_owned(),
            });
        }
        if rest.starts_with('<') { self.start_tag() } else { self.character_data() }
    }

    fn comment(&mut self) -> Result<(), String> {
        let raw = self.until("-->", "a comment")?;
        let body = raw.strip_prefix("<!--").and_then(|raw| raw.strip_suffix("-->"));
        match body {
            Some(body) if !body.contains("--") && !body.ends_with('-') => {
                self.add(Piece::Other(raw.to_owned()));
                Ok(())
            }
            _ => Err("a comment holds two hyphens".to_owned()),
        }
    }

    fn cdata(&mut self) -> Result<(), String> {
        if self.open.is_empty() {
            return Err("text outside the root element".to_owned());
        }
        let raw = self.until("]]>", "a CDATA section")?;
        let body = raw.strip_prefix("<![CDATA[").and_then(|raw| raw.strip_suffix("]]>"));
        self.add(Piece::CData(body.unwrap_or_default().to_owned()));
        Ok(())
    }

    fn instruction(&mut self) -> Result<(), String> {
        let raw = self.until("?>", "a processing instruction")?;
        let body =
            raw.strip_prefix("<?").and_then(|raw| raw.strip_suffix("?>")).unwrap_or_default();
        let target = body.split(is_space).next().unwrap_or_default();
        if !chars::is_prefix_or_local(target) {
            return Err(format!("{target:?} is no name of a processing instruction"));
        }
        if target.eq_ignore_ascii_case("xml") {
            return Err("the XML declaration must stand at the very beginning".to_owned());
        }
        self.add(Piece::Other(raw.to_owned()));
        Ok(())
    }

    fn character_data(&mut self) -> Result<(), String> {
        let rest = self.rest();
        let raw = rest.get(..rest.find('<').unwrap_or(rest.len())).unwrap_or_default();
        if self.open.is_empty() && !raw.chars().all(is_space) {
            return Err("text outside the root element".to_owned());
        }
        self.check_chars(raw)?;
        self.check_references(raw)?;
        if let Some(at) = raw.find("]]>") {
            self.at += at;
            return Err("]]> stands outside a CDATA section".to_owned());
        }
        self.at += raw.len();
        self.add(Piece::Text(raw.to_owned()));
        Ok(())
    }

    fn check_references(&mut self, raw: &str) -> Result<(), String> {
        for (at, _) in raw.match_indices('&') {
            let name = raw.get(at + 1..).and_then(|rest| rest.split_once(';'));
            let fault = match name {
                Some((name, _)) if name.len() <= limits::XML_REFERENCE => {
                    chars::reference(name).err()
                }
                _ => Some("an ampersand begins no reference".to_owned()),
            };
            if let Some(fault) = fault {
                self.at += at;
                return Err(fault);
            }
        }
        Ok(())
    }

    fn name(&mut self) -> Result<&'a str, String> {
        let name = self.take_while(in_name);
        if is_qualified(name) {
            return Ok(name);
        }
        let name: String = name.chars().take(40).collect();
        Err(format!("{name:?} is no name of an element or attribute"))
    }

    fn start_tag(&mut self) -> Result<(), String> {
        self.elements += 1;
        if self.elements > limits::XML_ELEMENTS {
            return Err(format!("more than {} elements", limits::XML_ELEMENTS));
        }
        if self.open.is_empty() && super::tree::root(&self.top).is_some() {
            return Err("a second root element".to_owned());
        }
        if self.open.len() >= limits::XML_DEPTH {
            return Err(format!("elements nest deeper than {}", limits::XML_DEPTH));
        }
        let (line, start) = (self.line_here(), self.at);
        self.at += 1;
        let name = self.name()?.to_owned();
        let mut tag = Tag { name, line, span: (start, start), ..Tag::default() };
        loop {
            let space = self.take_while(is_space);
            let rest = self.rest();
            if rest.starts_with("/>") || rest.starts_with('>') {
                tag.tail = space.to_owned();
                tag.empty = rest.starts_with('/');
                self.at += if tag.empty { 2 } else { 1 };
                break;
            }
            if space.is_empty() {
                return Err(format!("expected white space or > in the tag of {}", tag.name));
            }
            let attribute = self.attribute(space)?;
            if tag.attributes.len() >= limits::XML_ATTRIBUTES {
                return Err(format!("more than {} attributes", limits::XML_ATTRIBUTES));
            }
            if tag.attribute(&attribute.name).is_some() {
                return Err(format!("the attribute {} stands twice in one tag", attribute.name));
            }
            tag.attributes.push(attribute);
        }
        if tag.empty {
            tag.span.1 = self.at;
            self.add(Piece::Tag(Box::new(tag)));
        } else {
            self.open.push(tag);
        }
        Ok(())
    }

    fn attribute(&mut self, lead: &str) -> Result<RawAttribute, String> {
        if self.rest().is_empty() {
            return Err("the file ends inside a tag".to_owned());
        }
        let name = self.name()?;
        let before = self.at;
        self.take_while(is_space);
        if !self.rest().starts_with('=') {
            return Err(format!("expected = after the attribute {name}"));
        }
        self.at += 1;
        self.take_while(is_space);
        let equals = self.text.get(before..self.at).unwrap_or_default().to_owned();
        let quote = match self.rest().chars().next() {
            Some(quote @ ('"' | '\'')) => quote,
            _ => return Err(format!("the value of {name} does not stand in quotes")),
        };
        self.at += 1;
        let rest = self.rest();
        let end = rest.find(quote).ok_or_else(|| format!("the value of {name} does not end"))?;
        let raw = rest.get(..end).unwrap_or_default();
        if let Some(at) = raw.find('<') {
            self.at += at;
            return Err(format!("< stands in the value of {name}"));
        }
        self.check_chars(raw)?;
        self.check_references(raw)?;
        self.at += end + 1;
        let (lead, name, raw) = (lead.to_owned(), name.to_owned(), raw.to_owned());
        Ok(RawAttribute { lead, name, equals, quote, raw })
    }

    fn end_tag(&mut self) -> Result<(), String> {
        let start = self.at;
        self.at += 2;
        let name = self.name()?;
        let space = self.take_while(is_space);
        if !self.rest().starts_with('>') {
            return Err(format!("expected > after </{name}"));
        }
        match self.open.last() {
            Some(open) if open.name == name => {}
            open => {
                let expected = open.map(|open| format!("</{}>", open.name));
                self.at = start;
                let expected = expected.as_deref().unwrap_or("the end of the file");
                return Err(format!("expected {expected}, but found </{name}>"));
            }
        }
        self.at += 1;
        if let Some(mut tag) = self.open.pop() {
            tag.end_tail = space.to_owned();
            tag.span.1 = self.at;
            self.add(Piece::Tag(Box::new(tag)));
        }
        Ok(())
    }
}

/// `name="value"` pairs of an XML declaration.
fn pseudo_attributes(body: &str) -> Result<Vec<(&str, &str)>, String> {
    let fault = || "the XML declaration is not well-formed".to_owned();
    let (mut rest, mut found) = (body, Vec::new());
    loop {
        let trimmed = rest.trim_start_matches(is_space);
        if trimmed.is_empty() {
            return Ok(found);
        }
        if trimmed.len() == rest.len() {
            return Err(fault());
        }
        let (name, after) = trimmed.split_once('=').ok_or_else(fault)?;
        let after = after.trim_start_matches(is_space);
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or_else(fault)?;
        let value = after.strip_prefix(quote).and_then(|after| after.split_once(quote));
        let (value, after) = value.ok_or_else(fault)?;
        found.push((name.trim_end_matches(is_space), value));
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::tree::write;

    fn round(text: &str) -> String {
        let mut out = String::new();
        write(&scan(text).unwrap(), &mut out);
        out
    }

    #[test]
    fn every_character_comes_back() {
        for text in [
            "<a/>",
            "<?xml version=\"1.0\"  standalone='yes' ?>\r\n<!-- x --><?go now?>\n\
             <a  b = 'c\"'\n\td=\"\" >\
             t&amp;&#x20;<![CDATA[ <x> & ]]><b></b ><c /></a \n>\n<!--y-->\n",
            "<p:a xmlns:p='u'>đơn<p:b/></p:a>",
        ] {
            assert_eq!(round(text), text);
        }
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for bad in [
            "",
            " ",
            "a",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>x",
            "<a b=c/>",
            "<a b/>",
            "<a b=''c=''/>",
            "<a b='' b=''/>",
            "<a b='<'/>",
            "<a>&x;</a>",
            "<a>&</a>",
            "<a>]]></a>",
            "<a>\u{1}</a>",
            "<a b='&#0;'/>",
            "<!DOCTYPE a><a/>",
            "<!doctype a><a/>",
            "<!-- -- --><a/>",
            "<1/>",
            "<a:b:c/>",
            "<a><!--</a>",
            "<a><![CDATA[</a>",
            "<a><?xml version='1.0'?></a>",
            " <?xml version='1.0'?><a/>",
            "<?xml version='2.0'?><a/>",
            "<?xml encoding='x'?><a/>",
            "<?xml version='1.0'encoding='x'?><a/>",
            "<a",
            "<a b",
            "<a b='",
            "</a>",
            "<a/",
            "<a></a",
            "<a><!ELEMENT b></a>",
            "<![CDATA[x]]><a/>",
            "<? x?><a/>",
            "\u{feff}\u{feff}<a/>",
        ] {
            assert!(scan(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_fault_names_its_place() {
        let fault = scan("<a>\n<b id='x1'>\n<c></b></a>").unwrap_err();
        assert_eq!((fault.inside.as_str(), fault.offset), ("c", 19));
        let fault = scan("<a>\n<b id='x1'>&no;</b></a>").unwrap_err();
        assert_eq!((fault.inside.as_str(), fault.id.as_str(), fault.offset), ("b", "x1", 15));
    }
}
