//! Reading and writing loses nothing, as an independent reader of XML sees it.

use quick_xml::events::Event;

use crate::support::{cases, definitions, models, own_models};

const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";

/// What an independent reader sees, one line for each event, attributes in order.
pub fn seen(text: &str) -> Vec<String> {
    let mut reader = quick_xml::NsReader::from_str(text);
    let mut lines = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return lines,
            Event::Start(tag) | Event::Empty(tag) => {
                let (space, local) = reader.resolver().resolve_element(tag.name());
                let mut line = format!("<{:?} {:?} {:?}", space, local, tag.name());
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap();
                    let value =
                        attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap();
                    line.push_str(&format!(" {:?}={value:?}", attribute.key));
                }
                lines.push(line);
            }
            Event::Decl(_) => {}
            other => lines.push(format!("{other:?}")),
        }
    }
}

#[test]
fn every_model_comes_back() {
    let mut all = own_models();
    assert!(all.len() >= 6 || std::env::var_os("MOTCUA_CASES").is_some());
    for part in ["bpmn-miwg", "betsy"] {
        all.extend(cases(part).map(|folder| models(&folder)).unwrap_or_default());
    }
    for (name, bytes) in &all {
        let copy = process::convert(bytes, name).unwrap();
        assert_eq!(process::graph(&copy, name), process::graph(bytes, name), "{name}");
        let (before, after) = (process::read(bytes, name), process::read(&copy, name));
        assert_eq!(before.unwrap().root(), after.unwrap().root(), "{name}");
        if let (Ok(before), Ok(after)) = (str::from_utf8(bytes), str::from_utf8(&copy)) {
            assert_eq!(seen(before), seen(after), "{name}");
        }
        assert!(copy == *bytes, "{name}: the bytes differ");
    }
    eprintln!("{} models come back", all.len());
}

#[test]
fn diagram_and_foreign_elements_come_back() {
    let Some(folder) = cases("bpmn-miwg") else { return };
    let (mut drawn, mut foreign) = (0, 0);
    for (name, bytes) in models(&folder) {
        let copy = process::convert(&bytes, &name).unwrap();
        let before = process::read(&bytes, &name).unwrap();
        let after = process::read(&copy, &name).unwrap();
        let parts = |root: &process::Element, own: bool| {
            let mut found = Vec::new();
            let mut open = vec![root];
            while let Some(element) = open.pop() {
                let diagram = element.namespace.starts_with("http://www.omg.org/spec/DD/");
                if if own { element.namespace != BPMN } else { diagram } {
                    found.push(format!("{} {:?}", element.local, element.attributes));
                }
                open.extend(&element.children);
            }
            found
        };
        assert_eq!(parts(before.root(), false), parts(after.root(), false), "{name}");
        assert_eq!(parts(before.root(), true), parts(after.root(), true), "{name}");
        drawn += parts(after.root(), false).len();
        foreign += parts(after.root(), true).len();
    }
    assert!(drawn > 500 && foreign > 1_000, "{drawn} {foreign}");
}

#[test]
fn odd_spellings_come_back() {
    let text = "\u{feff}<?xml version='1.0' encoding='utf-8' standalone=\"no\"?>\r\n<!-- trước -->\r\n\
        <?modeller keep=\"this\"?>\r\n<b:definitions\r\n\txmlns:b = \"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
        xmlns:v='urn:vendor' targetNamespace=\"urn:x\"  v:a='1 \"2\" &#x1F600;' >\r\n\
        <b:process id='P'><b:documentation><![CDATA[<b>đậm</b>]]> &amp; &lt;</b:documentation>\r\n\
        <b:extensionElements><v:deep xmlns:w=\"urn:w\"><w:x w:y=\"&#10;\"></w:x ><w:z/></v:deep></b:extensionElements >\r\n\
        <b:task id=\"T\" name='a&#10;b&apos;'\r\n></b:task><!-- giữa --></b:process>\r\n</b:definitions>\r\n<!-- sau -->\r\n";
    let copy = process::convert(text.as_bytes(), "f").unwrap();
    assert_eq!(str::from_utf8(&copy).unwrap(), text);
}

#[test]
fn every_encoding_comes_back() {
    let utf8 = definitions("<process id=\"P\" name=\"Hé\"/>");
    let declared = |name: &str| utf8.replace("UTF-8", name);
    let utf16 = declared("UTF-16");
    let little: Vec<u8> =
        [0xfeff].into_iter().chain(utf16.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> =
        [0xfeff].into_iter().chain(utf16.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let single = |name: &str| declared(name).chars().map(|c| c as u8).collect::<Vec<u8>>();
    for bytes in [
        utf8.clone().into_bytes(),
        format!("\u{feff}{utf8}").into_bytes(),
        little,
        big,
        single("ISO-8859-1"),
        single("windows-1252"),
    ] {
        assert_eq!(process::convert(&bytes, "f").unwrap(), bytes);
        let graph = process::graph(&bytes, "f").unwrap();
        assert_eq!(graph["processes"][0]["name"], "Hé");
    }
}

#[test]
fn a_character_that_the_encoding_lacks_makes_the_file_utf_8() {
    let text = definitions("<process id=\"P\" name=\"Hé\"/>").replace("UTF-8", "ISO-8859-1");
    let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let mut document = process::Document::read(&bytes, "f").unwrap();
    document.set_attribute("P", "", "name", "Hồ sơ").unwrap();
    let written = String::from_utf8(document.write()).unwrap();
    assert!(written.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"), "{written}");
    assert_eq!(process::graph(written.as_bytes(), "f").unwrap()["processes"][0]["name"], "Hồ sơ");
}
