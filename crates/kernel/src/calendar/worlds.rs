//! Random small worlds, and the laws that hold in all of them.

use proptest::prelude::*;

use super::*;

/// A small generator of its own, so that a world is one number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len() as u64) as usize]
    }
}

/// What a derivation needs, owned.
#[derive(Debug, Clone)]
struct World {
    calendar: Calendar,
    received_at: Instant,
    channel: Channel,
    limit: Limit,
    rule: SupplementRule,
    events: Vec<ClockEvent>,
    as_of: Instant,
}

impl World {
    fn request(&self) -> ClockRequest<'_> {
        ClockRequest {
            calendar: &self.calendar,
            received_at: self.received_at,
            channel: self.channel,
            limit: self.limit,
            rule: self.rule,
            events: &self.events,
            as_of: self.as_of,
            settings: ClockSettings::default(),
        }
    }
}

fn windows(texts: &[(&str, &str)]) -> Vec<Window> {
    let clock = |text| ClockTime::parse(text).unwrap();
    texts.iter().map(|(from, to)| Window { from: clock(from), to: clock(to) }).collect()
}

fn some_windows(dice: &mut Dice) -> Vec<Window> {
    windows(dice.pick(&[
        &[("07:00", "11:00"), ("13:00", "17:00")][..],
        &[("07:00", "11:00")],
        &[("07:00", "10:00"), ("10:00", "11:30"), ("13:00", "13:00"), ("13:30", "17:07")],
        &[("00:00", "23:59")],
        &[],
    ]))
}

fn day(start: Date, days: u64) -> Date {
    start + chrono::Days::new(days)
}

fn calendar(dice: &mut Dice, start: Date) -> Calendar {
    let weekly = std::array::from_fn(|i| {
        let work = if i < 2 {
            windows(&[("07:00", "11:00"), ("13:00", "17:00")])
        } else if i < 5 || dice.one_in(3) {
            some_windows(dice)
        } else {
            Vec::new()
        };
        let desk = dice.one_in(4).then(|| some_windows(dice));
        WeekdaySpec { work, desk }
    });
    let mut used = std::collections::HashSet::new();
    let mut entries = Vec::new();
    for _ in 0..dice.roll(10) {
        let date = day(start, dice.roll(30));
        let kind = match dice.roll(5) {
            0 | 1 => EntryKind::Holiday { desk: some_windows(dice) },
            2 => EntryKind::SwappedOff { desk: Vec::new() },
            3 => EntryKind::SwappedWork {
                work: dice.one_in(2).then(|| some_windows(dice)),
                desk: None,
            },
            _ => EntryKind::Closure { from: ClockTime::MIDNIGHT, to: ClockTime::END },
        };
        let from = dice.pick(&["00:00", "08:15", "13:00"]);
        let kind = match kind {
            EntryKind::Closure { to, .. } => {
                EntryKind::Closure { from: ClockTime::parse(from).unwrap(), to }
            }
            other if !used.insert(date) => {
                drop(other);
                EntryKind::Closure { from: ClockTime::MIDNIGHT, to: ClockTime::END }
            }
            other => other,
        };
        let published_at = dice.one_in(2).then(|| moment(dice, start, 20));
        entries.push(EntrySpec {
            date,
            kind,
            published_at,
            withdrawn_at: None,
            name: String::new(),
        });
    }
    let move_holidays = !dice.one_in(4);
    Calendar::compile(CalendarSpec { name: String::new(), weekly, entries, move_holidays }).unwrap()
}

fn moment(dice: &mut Dice, start: Date, days: u64) -> Instant {
    let second = dice.pick(&[0, 25_200, 39_600, 46_800, 54_000, 54_001, 61_200, 61_201, 86_399]);
    let second = if dice.one_in(2) { second } else { dice.roll(86_400) as u32 };
    Instant::from_local(day(start, dice.roll(days)), second, LAW_OFFSET_SECONDS)
}

fn events(dice: &mut Dice, start: Date, received: Instant) -> Vec<ClockEvent> {
    let mut times: Vec<Instant> = (0..dice.roll(9)).map(|_| moment(dice, start, 25)).collect();
    times.retain(|at| *at >= received);
    times.sort();
    let mut open = [false; 3];
    let mut events = Vec::new();
    for at in times {
        let which = dice.roll(9) as usize;
        let kind = match which {
            0..3 | 4..7 => {
                let which = which % 4;
                open[which] = !open[which];
                match (which, open[which]) {
                    (0, true) => ClockEventKind::SupplementRequested,
                    (0, false) => ClockEventKind::SupplementReceived,
                    (1, true) => ClockEventKind::FinanceWait,
                    (1, false) => ClockEventKind::FinanceDone,
                    (_, true) => ClockEventKind::Suspended {
                        ground: "x".to_owned(),
                        until: dice.one_in(2).then(|| day(at.date(), dice.roll(8))),
                    },
                    (_, false) => ClockEventKind::Resumed,
                }
            }
            3 | 7 => ClockEventKind::Extended { new_due_on: day(at.date(), dice.roll(25)) },
            _ if dice.one_in(2) => {
                events.push(ClockEvent { at, kind: ClockEventKind::ResultReady });
                return events;
            }
            _ => continue,
        };
        events.push(ClockEvent { at, kind });
    }
    events
}

fn world(seed: u64) -> World {
    let mut dice = Dice(seed);
    let start = day(Date::from_ymd_opt(2019, 1, 1).unwrap(), dice.roll(400));
    let calendar = calendar(&mut dice, start);
    let received_at = moment(&mut dice, start, 8);
    let unit = dice.pick(LimitUnit::ALL);
    let quarters = match unit {
        LimitUnit::SameDay => 0,
        LimitUnit::CalendarDay => 4 + 4 * dice.roll(14) as u32,
        LimitUnit::Month => 4 + 4 * dice.roll(2) as u32,
        _ => 1 + dice.roll(48) as u32,
    };
    World {
        channel: dice.pick(Channel::ALL),
        limit: Limit { unit, quarters },
        rule: dice.pick(SupplementRule::ALL),
        events: events(&mut dice, start, received_at),
        as_of: received_at.max(moment(&mut dice, start, 40)),
        received_at,
        calendar,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fast_and_slow_agree(seed in any::<u64>()) {
        let world = world(seed);
        let answer = derive(&world.request()).unwrap();
        let slow = brute::find(&world.request());
        prop_assert_eq!(brute::of(&answer), slow, "{:#?}", world);
        prop_assert_eq!(answer, derive(&world.request()).unwrap());
    }

    // A day closed after acceptance moves a limit with its quarter (rule E2), and so past the end
    // of a slightly longer one: the law holds for the calendar as it was known at reception.
    #[test]
    fn a_longer_limit_never_ends_earlier(seed in any::<u64>()) {
        let mut world = world(seed);
        world.events.clear();
        world.as_of = world.received_at;
        let shorter = derive(&world.request()).unwrap().due_at;
        if world.limit.unit != LimitUnit::SameDay {
            let whole = matches!(world.limit.unit, LimitUnit::CalendarDay | LimitUnit::Month);
            world.limit.quarters += if whole { 4 } else { 1 };
        }
        prop_assert!(shorter <= derive(&world.request()).unwrap().due_at);
    }

    // The same holds for a stop: it may carry a limit past a day closed later, to an earlier hour.
    #[test]
    fn a_plain_stop_never_moves_the_date_earlier(seed in any::<u64>(), hours in 0_i64..200) {
        let mut world = world(seed);
        world.events.clear();
        let mut spec = world.calendar.spec().clone();
        spec.entries.iter_mut().for_each(|e| e.published_at = None);
        world.calendar = Calendar::compile(spec).unwrap();
        let before = derive(&world.request()).unwrap().due_at;
        let from = world.received_at.plus_seconds(hours * 1800);
        world.events = vec![
            ClockEvent { at: from, kind: ClockEventKind::FinanceWait },
            ClockEvent { at: from.plus_seconds(hours * 900), kind: ClockEventKind::FinanceDone },
        ];
        world.as_of = world.as_of.max(from.plus_days(9));
        prop_assert!(before <= derive(&world.request()).unwrap().due_at);
    }
}
