//! What every page shares: title, navigation, person, flash, faults, keys; the frame templates
//! `kit/citizen.html` and `kit/officer.html` read it as `page`.

use askama::Template;
use askama::filters::HtmlSafe;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::form::Faults;
use crate::limits;
use crate::session::{Kit, Site, same};
use crate::texts::{T, When};

/// A link with its words; `wide` ones are dropped on phones.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// Words.
    pub label: String,
    /// Address.
    pub href: String,
    /// Whether it is this page.
    pub current: bool,
    /// Left out on phones.
    pub wide: bool,
}

impl Link {
    /// A link.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Link {
        Link { label: label.into(), href: href.into(), ..Link::default() }
    }
}

/// A list at the side with the number of cases in it.
#[derive(Debug, Clone, Default)]
pub struct SideLink {
    /// Words.
    pub label: String,
    /// Address.
    pub href: String,
    /// Cases in it; `None` shows no number.
    pub count: Option<i64>,
    /// Whether it is this page.
    pub current: bool,
    /// "", "is-soon" or "is-late".
    pub class: &'static str,
}

/// Lists under one heading.
#[derive(Debug, Clone, Default)]
pub struct SideGroup {
    /// Heading.
    pub label: String,
    /// Lists.
    pub links: Vec<SideLink>,
}

/// The person signed in.
#[derive(Debug, Clone, Default)]
pub struct UserMenu {
    /// Name.
    pub name: String,
    /// Post and unit.
    pub post: String,
    /// Own pages.
    pub links: Vec<Link>,
    /// Where signing out is sent (POST).
    pub sign_out: String,
}

/// The search of the officers' header.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Where it goes (GET, `?q=`).
    pub action: String,
    /// What was typed.
    pub value: String,
}

/// One shortcut of the bar; the button or link itself carries `data-key`.
#[derive(Debug, Clone, Default)]
pub struct KeyHint {
    /// Key as printed, such as "F9", "Shift F9", "J".
    pub key: String,
    /// What it does.
    pub label: String,
}

/// One language of the switch.
#[derive(Debug, Clone)]
pub struct LangLink {
    /// Code.
    pub code: &'static str,
    /// Name in that language.
    pub name: String,
    /// This page in that language.
    pub href: String,
    /// Whether it is the language of the page.
    pub current: bool,
}

/// The common context of pages. Made by `visit.page(title)`; slices set what they know.
#[derive(Debug, Clone)]
pub struct Page {
    /// Texts.
    pub t: T,
    /// Now, on the local calendar.
    pub now: When,
    /// What the page is, without the service's name; no personal data (it lands in histories).
    pub title: String,
    /// The province.
    pub place: String,
    /// The support line.
    pub phone: String,
    /// Whether data are invented.
    pub demo: bool,
    /// The unit shown under the officers' brand.
    pub unit: String,
    /// Where the officers' brand leads.
    pub officer_home: String,
    /// Main navigation (citizens).
    pub nav: Vec<Link>,
    /// Lists at the side (officers).
    pub side: Vec<SideGroup>,
    /// The person signed in.
    pub user: Option<UserMenu>,
    /// Search of the header (officers).
    pub search: Option<Search>,
    /// Message about what was just done.
    pub flash: Option<Flash>,
    /// What is wrong with the form of this page.
    pub faults: Faults,
    /// Shortcuts of this page.
    pub keys: Vec<KeyHint>,
    /// Language switch.
    pub languages: Vec<LangLink>,
    /// Path of the page, printed on paper.
    pub address: String,
    /// Seconds after which the browser asks again; only for pages without anything to type in.
    pub refresh_s: Option<u32>,
    /// Anti-forgery token.
    pub csrf: String,
    /// Key that makes sending twice act once.
    pub once: String,
}

impl Page {
    pub(crate) fn new(t: T, now: When, site: &Site, title: String) -> Page {
        let nav = [
            ("nav-procedures", "/thu-tuc", false),
            ("nav-track", "/theo-doi", false),
            ("nav-places", "/noi-lam-viec", true),
            ("nav-sign-in", "/dang-nhap", false),
        ];
        let nav = nav.map(|(key, href, wide)| Link { wide, ..Link::new(t.s(key), href) });
        Page {
            t,
            now,
            title,
            place: site.place.clone(),
            phone: site.phone.clone(),
            demo: site.demo,
            unit: site.place.clone(),
            officer_home: site.officer_prefix.clone(),
            nav: nav.to_vec(),
            side: Vec::new(),
            user: None,
            search: None,
            flash: None,
            faults: Faults::new(),
            keys: Vec::new(),
            languages: Vec::new(),
            address: String::new(),
            refresh_s: None,
            csrf: String::new(),
            once: String::new(),
        }
    }

    /// A page for samples and tests: fixed tokens, no person.
    pub fn sample(t: T, title: &str) -> Page {
        let site = Site {
            place: "Kiên Giang".to_owned(),
            phone: "(0297) 1022".to_owned(),
            tls: true,
            demo: true,
            officer_prefix: "/desk".to_owned(),
            secret: [0; 32],
            uploads: crate::UploadLimits::default(),
        };
        let now = When::from_ymd(2019, 4, 25).at(9, 12);
        let mut page = Page::new(t, now, &site, title.to_owned());
        page.csrf = "csrf-sample".to_owned();
        page.once = "once-sample".to_owned();
        page.languages = crate::texts::Lang::ALL
            .map(|lang| LangLink {
                code: lang.code(),
                name: t.s(&format!("lang-{}", lang.code())),
                href: format!("?lang={}", lang.code()),
                current: lang == t.lang(),
            })
            .to_vec();
        page
    }

    /// Replaces the main navigation.
    #[must_use]
    pub fn nav(mut self, nav: Vec<Link>) -> Page {
        self.nav = nav;
        self
    }

    /// Marks the link of the navigation that has this address.
    #[must_use]
    pub fn at(mut self, href: &str) -> Page {
        for link in &mut self.nav {
            link.current = link.href == href;
        }
        self
    }

    /// Sets the lists at the side.
    #[must_use]
    pub fn side(mut self, side: Vec<SideGroup>) -> Page {
        self.side = side;
        self
    }

    /// Sets the person signed in and the unit under the brand.
    #[must_use]
    pub fn user(mut self, user: UserMenu, unit: impl Into<String>) -> Page {
        self.user = Some(user);
        self.unit = unit.into();
        self
    }

    /// Sets the search of the header.
    #[must_use]
    pub fn search(mut self, action: impl Into<String>, value: impl Into<String>) -> Page {
        self.search = Some(Search { action: action.into(), value: value.into() });
        self
    }

    /// Sets what is wrong; the title then begins with "Lỗi: ".
    #[must_use]
    pub fn faults(mut self, faults: Faults) -> Page {
        self.faults = faults;
        self
    }

    /// Adds a shortcut to the bar, under a text key.
    #[must_use]
    pub fn key(mut self, key: &str, label_key: &str) -> Page {
        self.keys.push(KeyHint { key: key.to_owned(), label: self.t.s(label_key) });
        self
    }

    /// The hidden fields of every POST form: `{{ page.tokens() }}`.
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens { csrf: &self.csrf, once: &self.once }
    }

    /// The address of an asset with its hash.
    pub fn asset(&self, name: &str) -> String {
        crate::assets::href(name)
    }

    /// "page – service", with "Lỗi: " before it when there are faults.
    pub fn full_title(&self) -> String {
        let prefix =
            if self.faults.is_empty() { String::new() } else { self.t.s("frame-error-prefix") };
        format!("{prefix}{} – {}", self.title, self.brand())
    }

    /// The name of the service.
    pub fn brand(&self) -> String {
        self.t.a1("site-name", "place", &self.place)
    }

    /// `tel:` address of the support line.
    pub fn phone_href(&self) -> String {
        let digits: String = self.phone.chars().filter(char::is_ascii_digit).collect();
        format!("tel:{digits}")
    }

    /// Links of the footer.
    pub fn footer(&self) -> Vec<Link> {
        let links = [
            ("foot-help", "/tro-giup"),
            ("foot-access", "/ho-tro-nguoi-khuyet-tat"),
            ("foot-privacy", "/du-lieu-ca-nhan"),
            ("foot-figures", "/so-lieu"),
            ("foot-api", "/du-lieu-mo"),
        ];
        links.map(|(key, href)| Link::new(self.t.s(key), href)).to_vec()
    }

    /// Shortcuts that fit the bar.
    pub fn shown_keys(&self) -> &[KeyHint] {
        self.keys.get(..limits::KEYS_SHOWN_MAX - 1).unwrap_or(&self.keys)
    }
}

/// The two hidden fields.
#[derive(Debug, Template)]
#[template(path = "kit/tokens.html")]
pub struct Tokens<'a> {
    csrf: &'a str,
    once: &'a str,
}

impl HtmlSafe for Tokens<'_> {}

/// What was just done, shown on the next page and only there. It travels in a signed cookie, so it
/// holds a text key and short values, no personal data beyond what the person just entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flash {
    /// Key of the sentence.
    pub key: String,
    /// Its variables.
    pub args: Vec<(String, String)>,
    /// Where the act can be undone (POST), empty when it cannot.
    pub undo: String,
    /// A link after the sentence, may be empty.
    pub href: String,
    /// Words of that link, such as the case code.
    pub link: String,
}

impl Flash {
    /// A sentence.
    pub fn new(key: impl Into<String>) -> Flash {
        Flash { key: key.into(), ..Flash::default() }
    }

    /// Adds a variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Flash {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }

    /// Offers to undo.
    #[must_use]
    pub fn undo(mut self, action: impl Into<String>) -> Flash {
        self.undo = action.into();
        self
    }

    /// Links to what the act made.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>, words: impl Into<String>) -> Flash {
        (self.href, self.link) = (href.into(), words.into());
        self
    }

    /// The sentence.
    pub fn text(&self, t: impl Into<T>) -> String {
        t.into().dynamic(&self.key, &self.args)
    }

    /// The cookie's value: the content and its signature. `None` when it would not fit.
    pub(crate) fn seal(&self, kit: &Kit) -> Option<String> {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.append_pair("k", &self.key).append_pair("u", &self.undo);
        out.append_pair("h", &self.href).append_pair("l", &self.link);
        for (name, value) in &self.args {
            out.append_pair(&format!("a.{name}"), value);
        }
        let content = out.finish();
        let mac = hex::encode(kit.sign("flash", content.as_bytes()));
        let sealed = format!("{}.{mac}", URL_SAFE_NO_PAD.encode(content));
        (sealed.len() <= limits::FLASH_MAX_BYTES).then_some(sealed)
    }

    /// Reads a cookie; `None` when it is not ours.
    pub(crate) fn open(kit: &Kit, sealed: &str) -> Option<Flash> {
        let (content, mac) = sealed.split_once('.')?;
        let content = URL_SAFE_NO_PAD.decode(content).ok()?;
        let expected = hex::encode(kit.sign("flash", &content));
        if !same(mac.as_bytes(), expected.as_bytes()) {
            return None;
        }
        let mut flash = Flash::default();
        for (name, value) in form_urlencoded::parse(&content).into_owned() {
            match name.as_str() {
                "k" => flash.key = value,
                "u" => flash.undo = value,
                "h" => flash.href = value,
                "l" => flash.link = value,
                name => flash.args.push((name.trim_start_matches("a.").to_owned(), value)),
            }
        }
        Some(flash)
    }
}
