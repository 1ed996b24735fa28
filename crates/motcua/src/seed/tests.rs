//! The shipped data load whole; a damaged copy of each file is blamed at file, line and field.

use super::*;
use kernel::calendar::Date;

fn day(y: i32, m: u32, d: u32) -> Date {
    Date::from_ymd_opt(y, m, d).unwrap()
}

fn shipped() -> Loaded {
    load(&SeedSource::Embedded).unwrap_or_else(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

fn source_folder() -> std::path::PathBuf {
    let mut at = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    at.push("../../seeds");
    at
}

#[test]
fn the_shipped_data_load_whole() {
    let loaded = shipped();
    assert_eq!(loaded.procedures.len(), 128);
    let in_2019 = loaded.catalogue.all_in_force(day(2019, 5, 2)).count();
    let in_2026 = loaded.catalogue.all_in_force(day(2026, 8, 3)).count();
    assert_eq!((in_2019, in_2026), (127, 128));
    assert_eq!(loaded.catalogue.tree.all().len(), loaded.units.len());
    assert!(loaded.units.len() > 500, "{}", loaded.units.len());
    assert_eq!(loaded.demo.accounts.len(), 48);
    assert_eq!(loaded.successions.len(), 345);
    for code in [internal::CONSULT, internal::INTERLINK] {
        for on in [day(2019, 5, 2), day(2026, 8, 3)] {
            let edition = loaded.catalogue.in_force(&code.into(), on).unwrap();
            assert!(loaded.catalogue.process_of(edition, on).is_some());
        }
    }
}

#[test]
fn an_amount_that_the_sources_do_not_name_is_not_free() {
    let loaded = shipped();
    let mut unknown = 0;
    for edition in loaded.catalogue.all_in_force(day(2026, 8, 3)) {
        let basis = loaded.procedures[&edition.code].fee_basis.as_str();
        assert_eq!(edition.is_free(), basis == "free", "{}: {basis}", edition.code);
        unknown += usize::from(!edition.fee_known);
        assert!(edition.fee_known || edition.fee_vnd == 0, "{}", edition.code);
    }
    assert_eq!(unknown, 42);
}

#[test]
fn somebody_decides_at_every_desk_of_the_level_in_2019_and_in_2026() {
    let loaded = shipped();
    let tree = &loaded.catalogue.tree;
    for on in [day(2019, 5, 2), day(2026, 8, 3)] {
        let units = tree.all();
        let desks: Vec<_> =
            units.into_iter().filter(|u| u.kind == "desk" && u.valid.holds(on)).collect();
        assert!(desks.len() > 100, "{on}: {}", desks.len());
        let mut asked = 0;
        for edition in loaded.catalogue.all_in_force(on) {
            for desk in desks.iter().filter(|d| edition.levels.contains(&d.level)) {
                let unit = edition.decides(&desk.id, tree, on);
                let unit = unit.unwrap_or_else(|e| panic!("{}: {e}", edition.code));
                assert!(unit.valid.holds(on) && unit.kind != "desk", "{}", unit.id);
                for target in &edition.consults {
                    assert!(edition.target(target, &desk.id, tree, on).is_ok(), "{target}");
                }
                asked += 1;
            }
        }
        assert!(asked > 5_000, "{on}: {asked}");
    }
}

#[test]
fn the_asked_unit_decides_internal_procedures() {
    let loaded = shipped();
    let tree = &loaded.catalogue.tree;
    let on = day(2019, 5, 2);
    let edition = loaded.catalogue.in_force(&internal::CONSULT.into(), on).unwrap();
    for id in ["kg.so-tnmt", "kg.rach-gia", "kg.rach-gia.vinh-thanh-van", "kg"] {
        assert_eq!(edition.decides(&id.into(), tree, on).unwrap().id.as_str(), id);
    }
}

#[test]
fn configured_codes_take_the_place_of_those_of_the_seeds_and_of_all_below() {
    let codes = [("H33".to_owned(), "H35".to_owned()), ("H01.1".to_owned(), "H99".to_owned())];
    let code = |loaded: &Loaded, id: &str| {
        loaded.catalogue.tree.unit(&id.into()).unwrap().org_code.clone()
    };
    let (shipped, changed) = (shipped(), load_with(&SeedSource::Embedded, &codes[..1]).unwrap());
    let below = code(&shipped, "kg.rach-gia");
    assert!(below.starts_with("H33."), "{below}");
    assert_eq!(code(&changed, "kg"), "H35");
    assert_eq!(code(&changed, "kg.rach-gia"), below.replace("H33", "H35"));
    assert_eq!(code(&changed, "ag"), code(&shipped, "ag"));
    let faults = load_with(&SeedSource::Embedded, &codes[1..]).unwrap_err();
    assert!(faults[0].to_string().contains("H01.1"), "{}", faults[0]);
}

#[test]
fn profiles_follow_the_law() {
    let loaded = shipped();
    let on = |y, m, d| loaded.catalogue.profile_on(day(y, m, d)).unwrap();
    assert_eq!(on(2019, 4, 25).key, "nd61_2018");
    assert!(on(2019, 4, 25).local_filing && on(2019, 4, 25).verified);
    assert_eq!(on(2019, 4, 25).cutoff_minutes, 15 * 60);
    assert_eq!(
        (on(2025, 7, 1).key.as_str(), on(2025, 7, 1).forms.as_str()),
        ("nd118_2025", "tt01_2018")
    );
    assert_eq!(on(2025, 9, 14).forms, "tt01_2018");
    assert_eq!(on(2025, 9, 15).forms, "tt03_2025");
    assert_eq!(on(2026, 8, 4).key, "nd118_2025_tt03");
    assert_eq!(on(2026, 8, 5).key, "nd309_2026");
    assert!(!on(2026, 10, 8).local_filing && !on(2026, 10, 8).verified);
}

#[test]
fn demo_people_sit_where_the_file_says() {
    let loaded = shipped();
    let staff = loaded.demo.staff(&loaded.posts, &|login| login.into()).unwrap();
    let catalogue = loaded.catalogue.with_staff(staff);
    for (set, on) in [("kien-giang-2019", day(2019, 4, 25)), ("an-giang-2025", day(2026, 10, 8))] {
        let accounts = loaded.demo.accounts.iter().filter(|a| a.set == set);
        let mut seated = 0;
        for account in accounts {
            let seats = catalogue.seats(&account.login.as_str().into(), on);
            seated +=
                usize::from(seats.iter().any(|s| s.unit == account.unit && s.role == account.role));
        }
        assert!(seated >= 15, "{set}: {seated} of the accounts have their seat");
    }
    assert!(loaded.catalogue.seats(&"vtv-lanh-dao".into(), day(2019, 4, 25)).is_empty());
}

#[test]
fn the_list_of_built_in_files_is_the_folder() {
    let mut faults = Faults::default();
    let folder = Files::of(&SeedSource::Folder(source_folder()), &mut faults);
    assert!(faults.is_empty(), "{:?}", faults.into_list());
    let built_in = Files::of(&SeedSource::Embedded, &mut Faults::default());
    let paths = |files: &Files| {
        let mut all: Vec<String> = Vec::new();
        let folders = ["", "calendar/", "demo/", "procedures/", "procedures/forms/", "processes/"];
        for at in folders.into_iter().map(str::to_owned).chain(
            files
                .unit_files()
                .into_iter()
                .filter_map(|u| u.strip_suffix("units.csv").map(Into::into)),
        ) {
            for extension in [".csv", ".toml", ".bpmn"] {
                all.extend(files.in_folder(&at, extension).map(|(path, _)| path.to_owned()));
            }
        }
        all
    };
    assert_eq!(paths(&folder), paths(&built_in));
    let processes = std::fs::read_dir(source_folder().join("../procedures/processes")).unwrap();
    let drawn = processes
        .filter(|p| p.as_ref().is_ok_and(|p| p.path().extension() == Some("bpmn".as_ref())));
    assert_eq!(drawn.count(), built_in.in_folder("processes/", ".bpmn").count());
    assert_eq!(load(&SeedSource::Folder(source_folder())).unwrap().procedures.len(), 128);
}

/// A copy of the built-in files with one changed, and the faults that come of it.
fn damaged(path: &str, change: impl Fn(&str) -> String) -> Vec<SeedFault> {
    let mut files = Files::of(&SeedSource::Embedded, &mut Faults::default());
    let text = files.need(path, &mut Faults::default()).unwrap().to_owned();
    let changed = change(&text);
    assert_ne!(text, changed, "{path}: the damage took place");
    files.replace(path, Some(changed));
    load_files(&files, &[], Faults::default())
        .err()
        .unwrap_or_else(|| panic!("{path}: damaged data must not load"))
}

/// Replaces cell `column` of line `line` (header is 1) of a CSV file.
fn cell(text: &str, line: usize, column: &str, value: &str) -> String {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = header.iter().position(|h| h == column).unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for record in reader.records().map(Result::unwrap) {
        let here = record.position().unwrap().line() as usize == line;
        let cells = record.iter().enumerate().map(|(i, c)| if here && i == at { value } else { c });
        writer.write_record(cells).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn a_damaged_cell_is_blamed_at_file_line_and_field() {
    let cases = [
        ("kien-giang-2019/units.csv", 40, "level", "tổng"),
        ("kien-giang-2019/units.csv", 40, "parent", "kg.nowhere"),
        ("kien-giang-2019/units.csv", 40, "succeeded_by", "ag.nowhere"),
        ("kien-giang-2019/units.csv", 41, "valid_to", "2017-01-01"),
        ("an-giang-2025/units.csv", 9, "org_code", "h01"),
        ("an-giang-2025/units.csv", 9, "verified", "maybe"),
        ("succession.csv", 7, "on", "1/7/2025"),
        ("succession.csv", 7, "new_id", "ag.nowhere"),
        ("posts.csv", 5, "role", "king"),
        ("posts.csv", 5, "level", "galaxy"),
        ("demo/people.csv", 3, "post", "kg/king"),
        ("demo/people.csv", 3, "valid_from", "2018-13-01"),
        ("demo/people.csv", 3, "password", ""),
        ("demo/delegations.csv", 2, "from_login", "nobody"),
        ("demo/delegations.csv", 2, "to_login", "vtv-lanh-dao"),
        ("demo/names.csv", 12, "weight", "many"),
        ("procedures/procedures.csv", 20, "code", "x"),
        ("procedures/procedures.csv", 20, "decided_by_2019", "commune=moon"),
        ("procedures/procedures.csv", 20, "decided_by_2025", "province=department:none"),
        ("procedures/procedures.csv", 20, "process_2019", "magic"),
        ("procedures/procedures.csv", 20, "limit_quarters", "-1"),
        ("procedures/procedures.csv", 20, "supplement_rule_2025", "stop"),
        ("procedures/procedures.csv", 20, "channels_2025", "fax"),
        ("procedures/procedures.csv", 20, "fee_vnd", "free"),
        ("procedures/procedures.csv", 20, "form", "none"),
        ("procedures/papers.csv", 30, "form", "gold"),
        ("procedures/papers.csv", 30, "code", "9.999999"),
        ("procedures/papers.csv", 30, "no", "99"),
        ("procedures/fees.csv", 15, "kind", "gift"),
        ("procedures/fees.csv", 15, "amount_vnd", "-5"),
    ];
    for (path, line, column, value) in cases {
        let faults = damaged(path, |text| cell(text, line, column, value));
        let known = faults.iter().any(|f| {
            f.file == path && f.line == line as u64 && (f.field == column || column == "level")
        });
        assert!(known, "{path}:{line}: {column}={value:?}: {faults:?}");
        assert!(faults.iter().all(|f| !f.reason.is_empty()));
    }
}

#[test]
fn torn_files_are_blamed_where_they_are_torn() {
    let short = |text: &str| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines[3] = "kg.x,only,three";
        lines.join("\n")
    };
    let faults = damaged("kien-giang-2019/units.csv", short);
    let torn = |f: &&SeedFault| f.line == 4 && f.reason == "expected 16 cells, but found 3";
    assert!(faults.iter().any(|f| torn(&f)), "{faults:?}");
    let faults = damaged("posts.csv", |text| text.replacen("title_en", "titel_en", 1));
    let fields: Vec<&str> = faults.iter().map(|f| f.field.as_str()).collect();
    assert!(fields.contains(&"title_en") && fields.contains(&"titel_en"), "{faults:?}");
    let faults = damaged("processes/appraisal.bpmn", |t| t.replace("userTask", "scriptTask"));
    assert!(
        faults.iter().any(|f| f.file == "processes/appraisal.bpmn" && f.line > 20),
        "{faults:?}"
    );
    let faults =
        damaged("procedures/forms/generic.toml", |t| t.replace("max = 1000", "maximum = 1000"));
    let found = faults.iter().any(|f| f.line == 29 && f.field == "maximum");
    assert!(found, "{faults:?}");
    let faults =
        damaged("procedures/forms/generic.toml", |t| t.replace("\"address\"", "\"planet\""));
    assert!(faults.iter().any(|f| f.line == 23 && f.field == "kind"), "{faults:?}");
}

#[test]
fn a_process_with_steps_that_no_case_carries_out_is_refused_by_name() {
    let computed = "<bpmn:boundaryEvent id=\"odd\" attachedToRef=\"appraise\">\
        <bpmn:timerEventDefinition><bpmn:timeDuration>= when</bpmn:timeDuration>\
        </bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:sequenceFlow id=\"odd_f\" \
        sourceRef=\"odd\" targetRef=\"done\"/><bpmn:userTask ";
    let damage = |t: &str| t.replacen("<bpmn:userTask ", computed, 1);
    let faults = damaged("processes/appraisal.bpmn", damage);
    let named = faults.iter().find(|f| f.field.starts_with("TimerBoundary ")).unwrap();
    assert!(named.line > 20 && named.reason.contains("no case carries out"), "{named}");
}

#[test]
fn profiles_leave_no_gap_and_calendars_are_checked() {
    let faults = damaged("profiles.toml", |t| t.replace("2025-09-15\"\nto", "2025-09-20\"\nto"));
    assert!(faults.iter().any(|f| f.file == "profiles.toml" && f.field == "from"), "{faults:?}");
    let faults = damaged("profiles.toml", |t| t.replacen("15:00", "25:00", 1));
    assert!(faults.iter().any(|f| f.field == "cutoff" && f.line > 1), "{faults:?}");
    let faults = damaged("profiles.toml", |t| t.replacen("verified = false", "verifed = 1", 1));
    assert!(faults.iter().any(|f| f.field == "verifed" && f.line > 1), "{faults:?}");
    let faults = damaged("calendar/holidays.csv", |t| t.replacen("2018-02-14", "2018-02-31", 1));
    assert!(faults.iter().any(|f| f.file == "calendar/holidays.csv" && f.line == 3), "{faults:?}");
}

#[test]
fn a_missing_file_is_named_and_faults_are_bounded() {
    let mut files = Files::of(&SeedSource::Embedded, &mut Faults::default());
    files.replace("posts.csv", None);
    let faults = load_files(&files, &[], Faults::default()).err().unwrap();
    assert!(faults.iter().any(|f| f.file == "posts.csv" && f.line == 0), "{faults:?}");
    let faults = damaged("procedures/papers.csv", |text| text.replace("yes", "perhaps"));
    assert!(faults.len() <= FAULTS_MAX + 1, "{}", faults.len());
    assert!(faults.last().is_some_and(|f| f.reason.contains("more faults")), "{faults:?}");
}

#[test]
fn bytes_that_are_not_text_are_blamed_at_their_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("posts.csv"), b"level,kind\na,b\n\xff,c\n").unwrap();
    let faults = load(&SeedSource::Folder(folder.path().to_owned())).unwrap_err();
    assert!(faults.iter().any(|f| f.file == "posts.csv" && f.line == 3), "{faults:?}");
    let missing = SeedSource::Folder(folder.path().join("none"));
    assert!(load(&missing).unwrap_err().iter().any(|f| f.reason.contains("cannot be read")));
}
