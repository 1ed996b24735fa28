//! A small province over the real process files: two communes, a district and two departments in
//! 2019, one commune and one department after 1 July 2025, a second province beside them, with one
//! officer per role and unit.

#[path = "constructs.rs"]
pub mod constructs;

use kernel::access::Actor;
use kernel::calendar::{
    Calendar, CalendarSpec, ClockTime, Date, Instant, Limit, LimitUnit, SupplementRule,
    WeekdaySpec, Window,
};
use kernel::case::{CodeFormat, LegalProfile};
use kernel::catalogue::{Catalogue, Parts};
use kernel::ids::UnitId;
use kernel::org::{Holding, Post, Role, Staff, Tree, Unit, Validity};
use kernel::procedure::{
    Edition, EditionStatus, Exemption, FormSchema, Paper, PaperForm, ProcessEdition, Verified,
};

/// Commune of 2019 in which most tests play.
pub const HOME: &str = "kg.rg.vtv";
/// Its desk.
pub const DESK: &str = "kg.rg.vtv.desk";
/// The next commune, which must see nothing.
pub const OTHER: &str = "kg.rg.at";
/// Its desk.
pub const OTHER_DESK: &str = "kg.rg.at.desk";

/// Another province of 2019, which must see nothing.
pub const AWAY: &str = "ct";
/// A desk there.
pub const AWAY_DESK: &str = "ct.nk.desk";

/// Process by number of the procedure `1.00000n`, from 1.
pub const PROCESSES: [&str; 6] =
    ["counter", "appraisal", "consultation", "field_check", "financial_duty", "interlinked_up"];

pub fn day(y: i32, m: u32, d: u32) -> Date {
    Date::from_ymd_opt(y, m, d).unwrap()
}

/// A Thursday morning.
pub fn morning() -> Instant {
    Instant::at(day(2019, 4, 25), 9, 12)
}

fn unit(id: &str, code: &str, level: &str, kind: &str, next: Option<&str>) -> Unit {
    let parent = id.rsplit_once('.').map(|(parent, _)| parent.into());
    let (from, to) = match next {
        Some(_) => (day(2000, 1, 1), Some(day(2025, 6, 30))),
        None => (day(2025, 7, 1), None),
    };
    Unit {
        id: id.into(),
        org_code: code.into(),
        parent,
        level: level.into(),
        kind: kind.into(),
        name: id.into(),
        name_en: id.into(),
        valid: Validity { from, to },
        succeeded_by: next.map(UnitId::from),
        verified: true,
    }
}

fn units() -> Vec<Unit> {
    let mut units = vec![
        unit("kg", "H33", "province", "committee", Some("ag")),
        unit("kg.stp", "H33.02", "department", "department", Some("ag.stp")),
        unit("kg.tnmt", "H33.03", "department", "department", Some("ag.stp")),
        unit("kg.rg", "H33.12", "district", "committee", Some("ag.rg")),
        unit("kg.rg.desk", "H33.12", "district", "desk", Some("ag.rg.desk")),
        unit("ag", "H01", "province", "committee", None),
        unit("ag.stp", "H01.02", "department", "department", None),
        unit("ag.rg", "H01.50", "commune", "committee", None),
        unit("ag.rg.desk", "H01.50", "commune", "desk", None),
    ];
    for (id, code, level, kind, next) in [
        (AWAY, "H13", "province", "committee", "cto"),
        ("ct.nk", "H13.01", "commune", "committee", "cto.nk"),
        (AWAY_DESK, "H13.01", "commune", "desk", "cto.nk.desk"),
    ] {
        units.push(unit(id, code, level, kind, Some(next)));
        units.push(unit(next, code, level, kind, None));
    }
    for (commune, code) in [(HOME, "H33.12.05"), (OTHER, "H33.12.06")] {
        units.push(unit(commune, code, "commune", "committee", Some("ag.rg")));
        let desk = format!("{commune}.desk");
        units.push(unit(&desk, code, "commune", "desk", Some("ag.rg.desk")));
    }
    units
}

/// The account that holds a role in a unit.
pub fn account(unit: &str, role: Role) -> String {
    format!("{unit}/{}", role.as_str())
}

fn staff(units: &[Unit]) -> Staff {
    let (mut posts, mut holdings) = (Vec::new(), Vec::new());
    let mut add = |unit: &Unit, role: Role, account: String| {
        let id = format!("{account}!");
        let (title, title_en) = (id.clone(), id.clone());
        posts.push(Post { id: id.clone(), unit: unit.id.clone(), role, title, title_en });
        holdings.push(Holding { post: id, account: account.as_str().into(), valid: unit.valid });
    };
    for unit in units {
        for role in Role::ALL {
            add(unit, role, account(unit.id.as_str(), role));
        }
        add(unit, Role::CaseOfficer, format!("{}/colleague", unit.id));
    }
    Staff::build(posts, holdings, Vec::new()).unwrap()
}

fn paper(no: u16, required: bool) -> Paper {
    Paper { no, name: format!("Giấy {no}"), form: PaperForm::Original, count: 1, required }
}

pub fn edition(code: &str, process: &str, fee_vnd: i64) -> Edition {
    let (unit, quarters) = match process {
        "counter" => (LimitUnit::SameDay, 0),
        _ => (LimitUnit::WorkingDay, 40),
    };
    let internal = code.starts_with("internal.");
    let decides = if process == "interlinked_up" { "district" } else { "commune" };
    Edition {
        code: code.into(),
        edition: 1,
        status: EditionStatus::Active,
        valid: Validity { from: day(2018, 1, 1), to: None },
        name: format!("Thủ tục {code}"),
        name_en: code.into(),
        field: "Tư pháp".into(),
        field_en: "Justice".into(),
        levels: vec!["commune".into()],
        decided_by: vec![("commune".into(), decides.into())],
        limit: Limit { unit, quarters },
        time_text: "10 ngày làm việc".into(),
        supplement_rule: if process == "consultation" {
            SupplementRule::Pause
        } else {
            SupplementRule::Reset
        },
        supplement_within_days: 3,
        fee_vnd,
        fee_known: true,
        fee_note: String::new(),
        page_fee: None,
        exemptions: vec![Exemption {
            key: "poor".into(),
            who: "Hộ nghèo".into(),
            ground: "x".into(),
        }],
        papers: if internal { Vec::new() } else { vec![paper(1, true), paper(2, false)] },
        result: "Giấy chứng nhận".into(),
        process: process.into(),
        form: "none".into(),
        consults: match process {
            "consultation" | "ask" => vec!["department:stp".into(), "department:tnmt".into()],
            _ => Vec::new(),
        },
        online: true,
        verified: Verified::Yes,
        source: "test".into(),
    }
}

fn calendar() -> Calendar {
    let window = |from, to| Window {
        from: ClockTime::parse(from).unwrap(),
        to: ClockTime::parse(to).unwrap(),
    };
    let work = vec![window("07:00", "11:00"), window("13:00", "17:00")];
    let weekday =
        |i: usize| WeekdaySpec { work: if i < 5 { work.clone() } else { Vec::new() }, desk: None };
    let weekly = std::array::from_fn(weekday);
    let spec = CalendarSpec { name: "t".into(), weekly, entries: Vec::new(), move_holidays: true };
    Calendar::compile(spec).unwrap()
}

fn profile(
    key: &str,
    valid: Validity,
    code_format: CodeFormat,
    local_filing: bool,
) -> LegalProfile {
    LegalProfile {
        key: key.into(),
        valid,
        forms: key.into(),
        code_format,
        local_filing,
        cutoff_minutes: 900,
        verified: true,
        source: "test".into(),
    }
}

macro_rules! bpmn {
    ($($name:literal),+) => {
        [$((
            $name,
            &include_bytes!(concat!("../../../../procedures/processes/", $name, ".bpmn"))[..],
        )),+]
    };
}

fn processes() -> Vec<ProcessEdition> {
    let files = bpmn!(
        "counter",
        "appraisal",
        "consultation",
        "field_check",
        "financial_duty",
        "interlinked_up",
        "opinion"
    );
    let compiled = files.into_iter().map(|(name, bytes)| {
        let xml = std::str::from_utf8(bytes).unwrap();
        ProcessEdition::compile(name, 1, day(2018, 1, 1), xml).unwrap()
    });
    // What no publication would let through is here to stand still on purpose.
    let unchecked =
        |name: &str, xml: &str| ProcessEdition::published(name, 1, day(2018, 1, 1), xml).unwrap();
    let wide = ProcessEdition::of("wide", 1, day(2018, 1, 1), "", wide(true));
    // These stand for what an official may publish: each passes the check of publication.
    let constructs = constructs::all()
        .into_iter()
        .map(|(name, xml)| ProcessEdition::compile(name, 1, day(2018, 1, 1), &xml).expect(name));
    let stumble = unchecked("stumble", &constructs::stumble());
    let special =
        [unchecked("standing", STANDING), unchecked("mail", MAIL), wide, stumble, clocks()];
    compiled.chain(special).chain(constructs).collect()
}

/// A process whose gateway asks for data that may be missing: it stands still then.
const STANDING: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:mc="http://motcua.vn/bpmn/1" targetNamespace="t"><process id="standing">
  <laneSet id="ls"><lane id="l1" name="A" mc:role="case_officer" mc:unit="deciding">
    <flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef><flowNodeRef>x</flowNodeRef>
    <flowNodeRef>b</flowNodeRef><flowNodeRef>c</flowNodeRef><flowNodeRef>e</flowNodeRef>
  </lane></laneSet>
  <startEvent id="s"/><userTask id="a" name="A" mc:kind="appraise" mc:outcomes="done"/>
  <exclusiveGateway id="x"/><userTask id="b" name="B" mc:outcomes="done"/>
  <userTask id="c" name="C" mc:outcomes="done"/><endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
  <sequenceFlow id="f2" sourceRef="a" targetRef="x"/>
  <sequenceFlow id="f3" sourceRef="x" targetRef="b"><conditionExpression>area &gt;= 500
    </conditionExpression></sequenceFlow>
  <sequenceFlow id="f4" sourceRef="x" targetRef="c"><conditionExpression>area &lt; 500
    </conditionExpression></sequenceFlow>
  <sequenceFlow id="f5" sourceRef="b" targetRef="e"/>
  <sequenceFlow id="f6" sourceRef="c" targetRef="e"/>
</process></definitions>"#;

/// A process of the wider profile: two officers side by side, a part of its own with an error that
/// is caught at its edge, a script, a decision table, a gateway on their values.
const WIDE: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:mc="http://motcua.vn/bpmn/1" targetNamespace="t"><error id="E" errorCode="bad"/>
  <process id="wide">
  <laneSet id="ls"><lane id="l1" name="A" mc:role="case_officer" mc:unit="deciding">
    <flowNodeRef>s</flowNodeRef><flowNodeRef>ask</flowNodeRef><flowNodeRef>sub</flowNodeRef>
    <flowNodeRef>edge</flowNodeRef><flowNodeRef>mend</flowNodeRef><flowNodeRef>m</flowNodeRef>
    <flowNodeRef>rule</flowNodeRef><flowNodeRef>note</flowNodeRef><flowNodeRef>x</flowNodeRef>
    <flowNodeRef>big</flowNodeRef><flowNodeRef>small</flowNodeRef><flowNodeRef>e</flowNodeRef>
  </lane></laneSet>
  <startEvent id="s"/>
  <userTask id="ask" name="Hỏi hai người" mc:outcomes="done"><multiInstanceLoopCharacteristics>
    <loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>
  <subProcess id="sub" name="Kiểm tra"><startEvent id="s1"/>
    <userTask id="check" name="Kiểm tra" mc:outcomes="fine,bad"/><exclusiveGateway id="y"/>
    <endEvent id="e1"/><endEvent id="e2"><errorEventDefinition errorRef="E"/></endEvent>
    <sequenceFlow id="g1" sourceRef="s1" targetRef="check"/>
    <sequenceFlow id="g2" sourceRef="check" targetRef="y"/>
    <sequenceFlow id="g3" sourceRef="y" targetRef="e1"><conditionExpression>outcome = "fine"
      </conditionExpression></sequenceFlow>
    <sequenceFlow id="g4" sourceRef="y" targetRef="e2"><conditionExpression>outcome = "bad"
      </conditionExpression></sequenceFlow>
  </subProcess>
  <boundaryEvent id="edge" attachedToRef="sub"><errorEventDefinition errorRef="E"/></boundaryEvent>
  <userTask id="mend" name="Khắc phục" mc:outcomes="done"/><exclusiveGateway id="m"/>
  <businessRuleTask id="rule" mc:decision="fee" mc:result="due"/>
  <scriptTask id="note" mc:result="twice"><script>due * 2</script></scriptTask>
  <exclusiveGateway id="x" default="f9"/>
  <userTask id="big" name="Lớn" mc:outcomes="done"/>
  <userTask id="small" name="Nhỏ" mc:outcomes="done"/><endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="ask"/>
  <sequenceFlow id="f2" sourceRef="ask" targetRef="sub"/>
  <sequenceFlow id="f3" sourceRef="sub" targetRef="m"/>
  <sequenceFlow id="f4" sourceRef="edge" targetRef="mend"/>
  <sequenceFlow id="f5" sourceRef="mend" targetRef="m"/>
  <sequenceFlow id="f6" sourceRef="m" targetRef="rule"/>
  <sequenceFlow id="f7" sourceRef="rule" targetRef="note"/>
  <sequenceFlow id="f7b" sourceRef="note" targetRef="x"/>
  <sequenceFlow id="f8" sourceRef="x" targetRef="big"><conditionExpression>twice &gt;= 160
    </conditionExpression></sequenceFlow>
  <sequenceFlow id="f9" sourceRef="x" targetRef="small"/>
  <sequenceFlow id="f10" sourceRef="big" targetRef="e"/>
  <sequenceFlow id="f11" sourceRef="small" targetRef="e"/>
</process></definitions>"#;

/// A process that waits for a letter beside a task, and then for the first of two things.
const MAIL: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:mc="http://motcua.vn/bpmn/1" targetNamespace="t"><message id="M" name="letter"/>
  <signal id="S" name="order"/><process id="mail">
  <laneSet id="ls"><lane id="l1" name="A" mc:role="case_officer" mc:unit="deciding">
    <flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef><flowNodeRef>edge</flowNodeRef>
    <flowNodeRef>g</flowNodeRef><flowNodeRef>letter</flowNodeRef><flowNodeRef>late</flowNodeRef>
    <flowNodeRef>b</flowNodeRef><flowNodeRef>c</flowNodeRef><flowNodeRef>e</flowNodeRef>
  </lane></laneSet>
  <startEvent id="s"/><userTask id="a" name="A" mc:outcomes="done"/>
  <boundaryEvent id="edge" attachedToRef="a"><signalEventDefinition signalRef="S"/></boundaryEvent>
  <eventBasedGateway id="g"/>
  <intermediateCatchEvent id="letter" name="Thư đến"><messageEventDefinition messageRef="M"/>
  </intermediateCatchEvent>
  <intermediateCatchEvent id="late"><timerEventDefinition><timeDuration>P5WD</timeDuration>
  </timerEventDefinition></intermediateCatchEvent>
  <userTask id="b" name="B" mc:outcomes="done"/><userTask id="c" name="C" mc:outcomes="done"/>
  <endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
  <sequenceFlow id="f2" sourceRef="a" targetRef="g"/>
  <sequenceFlow id="f3" sourceRef="edge" targetRef="c"/>
  <sequenceFlow id="f4" sourceRef="g" targetRef="letter"/>
  <sequenceFlow id="f5" sourceRef="g" targetRef="late"/>
  <sequenceFlow id="f6" sourceRef="letter" targetRef="b"/>
  <sequenceFlow id="f7" sourceRef="late" targetRef="c"/>
  <sequenceFlow id="f8" sourceRef="b" targetRef="e"/>
  <sequenceFlow id="f9" sourceRef="c" targetRef="e"/>
</process></definitions>"#;

/// A process whose steps have times of every kind: `a` carries one of each, `b` leads to a financial
/// duty beside a task, and what `late` opens has a time of its own.
const CLOCKS: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:mc="http://motcua.vn/bpmn/1" targetNamespace="t"><process id="clocks">
  <laneSet id="ls"><lane id="l1" name="A" mc:role="case_officer" mc:unit="deciding">
    <flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef><flowNodeRef>c</flowNodeRef>
    <flowNodeRef>d</flowNodeRef></lane></laneSet>
  <startEvent id="s"/><parallelGateway id="p"/>
  <userTask id="a" name="A" mc:outcomes="done"/>
  <userTask id="b" name="B" mc:kind="appraise" mc:outcomes="done"/><parallelGateway id="q"/>
  <serviceTask id="money" name="M" mc:job="finance" mc:wait="true"/>
  <userTask id="c" name="C" mc:outcomes="done"/><userTask id="d" name="D" mc:outcomes="done"/>
  <parallelGateway id="j"/><endEvent id="e"/>
  TIMERS
  <sequenceFlow id="f1" sourceRef="s" targetRef="p"/>
  <sequenceFlow id="f2" sourceRef="p" targetRef="a"/>
  <sequenceFlow id="f3" sourceRef="p" targetRef="b"/>
  <sequenceFlow id="f4" sourceRef="b" targetRef="q"/>
  <sequenceFlow id="f5" sourceRef="q" targetRef="money"/>
  <sequenceFlow id="f6" sourceRef="q" targetRef="c"/>
  <sequenceFlow id="f7" sourceRef="a" targetRef="j"/>
  <sequenceFlow id="f8" sourceRef="money" targetRef="j"/>
  <sequenceFlow id="f9" sourceRef="c" targetRef="j"/>
  <sequenceFlow id="f10" sourceRef="j" targetRef="e"/>
  <sequenceFlow id="f11" sourceRef="late" targetRef="d"/>
  <sequenceFlow id="f12" sourceRef="d" targetRef="e"/>
</process></definitions>"#;

/// The timers of that process: name, the step on whose edge it sits, its time.
pub const CLOCK_TIMERS: [(&str, &str, &str); 11] = [
    ("days", "a", "P5WD"),
    ("day", "a", "P1WD"),
    ("quarter", "a", "P2.25WD"),
    ("hours", "a", "PT20WH"),
    ("week", "a", "P10D"),
    ("month", "a", "P1M"),
    ("fixed", "a", "2019-06-03T08:00:00+07:00"),
    ("late", "a", "PT1M"),
    ("wait", "money", "P4WD"),
    ("beside", "c", "P3WD"),
    ("opened", "d", "P2WD"),
];

fn clocks() -> ProcessEdition {
    let timer = |(id, step, time): &(&str, &str, &str)| {
        let kind = if time.starts_with('P') { "timeDuration" } else { "timeDate" };
        let flow = format!("<endEvent id=\"{id}-e\"/><sequenceFlow id=\"{id}-f\"");
        let flow = format!("{flow} sourceRef=\"{id}\" targetRef=\"{id}-e\"/>");
        format!(
            "<boundaryEvent id=\"{id}\" attachedToRef=\"{step}\" cancelActivity=\"false\">\
             <timerEventDefinition><{kind}>{time}</{kind}></timerEventDefinition>\
             </boundaryEvent>{}",
            if *id == "late" { String::new() } else { flow }
        )
    };
    let timers: String = CLOCK_TIMERS.iter().map(timer).collect();
    let xml = CLOCKS.replace("TIMERS", &timers);
    ProcessEdition::published("clocks", 1, day(2018, 1, 1), &xml).unwrap()
}

/// What the fee of a case decides.
const FEES: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
    id="d" name="d" namespace="t"><inputData id="i" name="fee_vnd"/>
    <decision id="fee" name="fee"><informationRequirement><requiredInput href="#i"/>
    </informationRequirement><decisionTable hitPolicy="UNIQUE"><input><inputExpression>
    <text>fee_vnd</text></inputExpression></input><output/>
    <rule><inputEntry><text>&lt; 10000</text></inputEntry>
    <outputEntry><text>50</text></outputEntry></rule>
    <rule><inputEntry><text>&gt;= 10000</text></inputEntry>
    <outputEntry><text>80</text></outputEntry></rule>
    </decisionTable></decision></definitions>"##;

/// The wider process, with or without its decisions.
pub fn wide(decided: bool) -> process::Definition {
    let model = process::read(WIDE.as_bytes(), "wide").unwrap();
    let definition = process::compile_unchecked(&model).unwrap();
    if !decided {
        return definition;
    }
    let source = process::dmn::Source::read(FEES.as_bytes(), "fees").unwrap();
    let decisions = process::dmn::Decisions::compile(&[source]);
    assert!(decisions.is_accepted(), "{:?}", decisions.problems());
    definition.with_decisions(std::sync::Arc::new(decisions))
}

/// Another file of the process `appraisal`: three tasks where the first version has five.
pub fn next_appraisal() -> String {
    let text = include_str!("../../../../procedures/processes/opinion.bpmn");
    text.replace("processRef=\"opinion\"", "processRef=\"appraisal\"")
        .replace("process id=\"opinion\"", "process id=\"appraisal\"")
        .replace("mc:kind=\"opinion\"", "mc:kind=\"appraise\"")
}

/// A file with some words in the place of others, which must be there.
pub fn changed(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    })
}

/// The consultation with one more step before the end. It stands first in the file, so that every
/// element has another number.
pub fn longer_consultation() -> String {
    let text = include_str!("../../../../procedures/processes/consultation.bpmn");
    let archive = "<bpmn:userTask id=\"archive\" name=\"Lưu hồ sơ\" mc:outcomes=\"done\">\
        <bpmn:incoming>stamp_to_done</bpmn:incoming><bpmn:outgoing>archive_to_done</bpmn:outgoing>\
        </bpmn:userTask><bpmn:startEvent id=\"start\"";
    let lane = "<bpmn:flowNodeRef>stamp</bpmn:flowNodeRef>";
    let end = "name=\"Có kết quả\">\n      <bpmn:incoming>";
    let flow = "sourceRef=\"stamp\" targetRef=";
    changed(
        text,
        &[
            ("<bpmn:startEvent id=\"start\"", archive),
            (lane, &format!("{lane}<bpmn:flowNodeRef>archive</bpmn:flowNodeRef>")),
            (&format!("{end}stamp_to_done"), &format!("{end}archive_to_done")),
            (
                &format!("{flow}\"done\" />"),
                &format!(
                    "{flow}\"archive\" /><bpmn:sequenceFlow id=\"archive_to_done\" \
                     sourceRef=\"archive\" targetRef=\"done\" />"
                ),
            ),
        ],
    )
}

/// The same with another time to answer.
pub fn slower_consultation(time: &str) -> String {
    changed(&longer_consultation(), &[("P5WD", time)])
}

/// The same with another step in the place of the one that sums up.
pub fn other_consultation() -> String {
    let renamed = [
        ("\"summarise\"", "\"sum_up\""),
        (">summarise<", ">sum_up<"),
        ("name=\"Tổng hợp ý kiến", "name=\"Gom ý kiến"),
    ];
    changed(&longer_consultation(), &renamed)
}

/// The whole province.
pub fn province() -> Catalogue {
    let units = units();
    let staff = staff(&units);
    let mut editions: Vec<Edition> = PROCESSES
        .iter()
        .enumerate()
        .map(|(i, process)| edition(&format!("1.00000{}", i + 1), process, 20_000))
        .collect();
    editions.push(edition("1.000007", "standing", 0));
    editions.push(edition("1.000008", "wide", 20_000));
    editions.push(edition("1.000009", "mail", 0));
    editions.push(edition("1.0000090", "clocks", 0));
    let pausing = edition("1.0000091", "clocks", 0);
    editions.push(Edition { supplement_rule: SupplementRule::Pause, ..pausing });
    for (number, (name, _)) in (10..).zip(constructs::all()) {
        editions.push(edition(&format!("1.00000{number}"), name, 20_000));
    }
    editions.push(edition("1.0000020", "stumble", 20_000));
    editions.push(edition("internal.consult", "opinion", 0));
    editions.push(edition("internal.interlink", "appraisal", 0));
    let old = Validity { from: day(2018, 1, 1), to: Some(day(2025, 6, 30)) };
    let new = Validity { from: day(2025, 7, 1), to: None };
    Catalogue::build(Parts {
        tree: Tree::build(units).unwrap(),
        staff,
        profiles: vec![
            profile("nd61_2018", old, CodeFormat::Dotted2018, true),
            profile("nd118_2025", new, CodeFormat::Short2025, false),
        ],
        editions,
        processes: processes(),
        forms: vec![FormSchema { name: "none".into(), fields: Vec::new() }],
        calendar: calendar(),
        unit_calendars: Vec::new(),
    })
    .unwrap()
}

/// The officer who holds a role in a unit, with the seats of a day.
pub fn officer(catalogue: &Catalogue, unit: &str, role: Role, at: Instant) -> Actor {
    named(catalogue, &account(unit, role), at)
}

/// An officer by account.
pub fn named(catalogue: &Catalogue, account: &str, at: Instant) -> Actor {
    Actor::officer(account.into(), catalogue.seats(&account.into(), at.date()))
}
