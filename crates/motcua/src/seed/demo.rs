//! People of the demonstration: accounts, what they hold and lend, and parts of invented names.

use super::faults::Faults;
use super::files::Files;
use super::table::{Row, rows};
use kernel::ids::{AccountId, UnitId};
use kernel::org::{Delegation, Holding, Post, Role, Staff, StaffFault, Tree, Validity};
use std::collections::{BTreeMap, HashMap};

const POSTS: &str = "posts.csv";
const PEOPLE: &str = "demo/people.csv";
const DELEGATIONS: &str = "demo/delegations.csv";
const NAMES: &str = "demo/names.csv";

/// An account of the demonstration, shown on its sign-in page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DemoAccount {
    /// `kien-giang-2019` or `an-giang-2025`: in which of the two it is shown.
    pub set: String,
    /// Sign-in name.
    pub login: String,
    /// Password, in the clear on purpose: it opens the demonstration only.
    pub password: String,
    /// Name of the invented person.
    pub display_name: String,
    /// Where and what, for the sign-in page.
    pub note: String,
    /// The same in English.
    pub note_en: String,
    /// The unit of its first post.
    pub unit: UnitId,
    /// The role of its first post.
    pub role: Role,
}

/// A post held by a login.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DemoHolding {
    /// The post.
    pub post: String,
    /// Sign-in name of the holder.
    pub login: String,
    /// When.
    pub valid: Validity,
}

/// A power lent by one login to another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DemoDelegation {
    /// The post whose power is lent.
    pub post: String,
    /// Who lends.
    pub from: String,
    /// Who acts in their stead.
    pub to: String,
    /// When.
    pub valid: Validity,
    /// The order that it rests on.
    pub ground: String,
}

/// Parts of invented names with their weights.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DemoNames {
    /// Family names.
    pub family: Vec<(String, u32)>,
    /// Middle names of men.
    pub middle_m: Vec<(String, u32)>,
    /// Middle names of women.
    pub middle_f: Vec<(String, u32)>,
    /// Given names of men.
    pub given_m: Vec<(String, u32)>,
    /// Given names of women.
    pub given_f: Vec<(String, u32)>,
}

/// Everything that only the demonstration loads.
#[derive(Clone, Debug, Default)]
pub struct Demo {
    /// Accounts, each once, in the order of the file.
    pub accounts: Vec<DemoAccount>,
    /// Who holds what.
    pub holdings: Vec<DemoHolding>,
    /// Who lends what.
    pub delegations: Vec<DemoDelegation>,
    /// Name parts.
    pub names: DemoNames,
}

impl Demo {
    /// Posts with these holders; `id_of` gives the account of a sign-in name.
    ///
    /// # Errors
    /// Every post that is missing; not with the posts that came from the same seeds.
    pub fn staff(
        &self,
        posts: &[Post],
        id_of: &dyn Fn(&str) -> AccountId,
    ) -> Result<Staff, Vec<StaffFault>> {
        let holding = |h: &DemoHolding| Holding {
            post: h.post.clone(),
            account: id_of(&h.login),
            valid: h.valid,
        };
        let delegation = |d: &DemoDelegation| Delegation {
            post: d.post.clone(),
            from: id_of(&d.from),
            to: id_of(&d.to),
            valid: d.valid,
            ground: d.ground.clone(),
        };
        let holdings = self.holdings.iter().map(holding).collect();
        Staff::build(posts.to_vec(), holdings, self.delegations.iter().map(delegation).collect())
    }
}

/// Makes the posts: one for every unit whose level and kind a row of `posts.csv` names.
pub(crate) fn posts(files: &Files, tree: &Tree, faults: &mut Faults) -> Vec<Post> {
    let mut posts = Vec::new();
    let mut seen: HashMap<(String, String, Role), u64> = HashMap::new();
    for row in rows(files, POSTS, &["level", "kind", "role", "title", "title_en"], faults) {
        let role = row.value("role", "a role", Role::from_key, faults);
        let (title, title_en) = (row.need("title", faults), row.need("title_en", faults));
        let (level, kind) = (row.text("level").to_owned(), row.text("kind").to_owned());
        let units = tree.all().into_iter().filter(|u| u.level == level && u.kind == kind);
        let units: Vec<UnitId> = units.map(|u| u.id.clone()).collect();
        if units.is_empty() {
            row.fault("kind", "no unit has this level and kind", faults);
        }
        let (Some(role), Some(title), Some(title_en)) = (role, title, title_en) else { continue };
        if let Some(line) = seen.insert((level, kind, role), row.line) {
            row.fault("role", format!("the rule stands on line {line} already"), faults);
            continue;
        }
        posts.extend(units.into_iter().map(|unit| Post {
            id: format!("{unit}/{}", role.as_str()),
            unit,
            role,
            title: title.clone(),
            title_en: title_en.clone(),
        }));
    }
    posts
}

/// Reads the three files of the demonstration against the posts.
pub(crate) fn read(files: &Files, posts: &[Post], faults: &mut Faults) -> Demo {
    let posts: HashMap<&str, &Post> = posts.iter().map(|p| (p.id.as_str(), p)).collect();
    let mut demo = Demo { names: names(files, faults), ..Demo::default() };
    people(files, &posts, &mut demo, faults);
    let columns = &["set", "post", "from_login", "to_login", "valid_from", "valid_to", "ground"];
    for row in rows(files, DELEGATIONS, columns, faults) {
        if let Some(delegation) = delegation(&row, &posts, &demo, faults) {
            demo.delegations.push(delegation);
        }
    }
    demo
}

fn people(files: &Files, posts: &HashMap<&str, &Post>, demo: &mut Demo, faults: &mut Faults) {
    let columns = &[
        "set",
        "login",
        "password",
        "display_name",
        "post",
        "unit",
        "role",
        "valid_from",
        "valid_to",
        "note",
        "note_en",
    ];
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows(files, PEOPLE, columns, faults) {
        let Some((account, holding)) = person(&row, posts, faults) else { continue };
        match known.get(&account.login).and_then(|at| demo.accounts.get(*at)) {
            Some(first) => {
                if first.password != account.password || first.display_name != account.display_name
                {
                    let reason = "the login stands above with another password or name";
                    row.fault("login", reason, faults);
                }
            }
            None => {
                known.insert(account.login.clone(), demo.accounts.len());
                demo.accounts.push(account);
            }
        }
        demo.holdings.push(holding);
    }
}

fn person(
    row: &Row,
    posts: &HashMap<&str, &Post>,
    faults: &mut Faults,
) -> Option<(DemoAccount, DemoHolding)> {
    let post = row.value("post", "a post of posts.csv", |t| posts.get(t).copied(), faults);
    let unit_is = |text: &str| (post.is_none_or(|p| p.unit.as_str() == text)).then_some(());
    let unit = row.value("unit", "the unit of the post", unit_is, faults);
    let role_is = |text: &str| Role::from_key(text).filter(|r| post.is_none_or(|p| p.role == *r));
    let role = row.value("role", "the role of the post", role_is, faults);
    let (set, login) = (row.need("set", faults), row.need("login", faults));
    let (password, name) = (row.need("password", faults), row.need("display_name", faults));
    let (note, note_en) = (row.need("note", faults), row.need("note_en", faults));
    let valid = row.validity(faults);
    let (post, login) = (post?, login?);
    unit?;
    let holding = DemoHolding { post: post.id.clone(), login: login.clone(), valid: valid? };
    let account = DemoAccount {
        set: set?,
        login,
        password: password?,
        display_name: name?,
        note: note?,
        note_en: note_en?,
        unit: post.unit.clone(),
        role: role?,
    };
    Some((account, holding))
}

fn delegation(
    row: &Row,
    posts: &HashMap<&str, &Post>,
    demo: &Demo,
    faults: &mut Faults,
) -> Option<DemoDelegation> {
    let post = row.value("post", "a post of posts.csv", |t| posts.get(t).copied(), faults);
    let holds = |text: &str| {
        let held = |h: &&DemoHolding| h.login == text && post.is_none_or(|p| p.id == h.post);
        demo.holdings.iter().any(|h| held(&h)).then(|| text.to_owned())
    };
    let from = row.value("from_login", "a login that holds the post", holds, faults);
    let known = |text: &str| {
        let other = from.as_deref() != Some(text);
        (other && demo.accounts.iter().any(|a| a.login == text)).then(|| text.to_owned())
    };
    let to = row.value("to_login", "another login of people.csv", known, faults);
    let valid = row.validity(faults);
    let ground = row.need("ground", faults);
    let post = post?.id.clone();
    Some(DemoDelegation { post, from: from?, to: to?, valid: valid?, ground: ground? })
}

fn names(files: &Files, faults: &mut Faults) -> DemoNames {
    let mut names = DemoNames::default();
    for row in rows(files, NAMES, &["part", "text", "weight"], faults) {
        let text = row.need("text", faults);
        let weight = row.number::<u32>("weight", faults);
        let (Some(text), Some(weight)) = (text, weight) else { continue };
        let list = match row.text("part") {
            "family" => &mut names.family,
            "middle_m" => &mut names.middle_m,
            "middle_f" => &mut names.middle_f,
            "given_m" => &mut names.given_m,
            "given_f" => &mut names.given_f,
            other => {
                let reason = format!("expected a part of a name, but found \"{other}\"");
                row.fault("part", reason, faults);
                continue;
            }
        };
        list.push((text, weight));
    }
    let lists = [&names.family, &names.middle_m, &names.middle_f, &names.given_m, &names.given_f];
    if lists.iter().any(|list| list.iter().all(|(_, weight)| *weight == 0)) {
        faults.add(NAMES, 0, "part", "expected each part at least once with a weight");
    }
    names
}
