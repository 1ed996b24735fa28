//! Random command sequences and random texts: laws hold, nothing panics.

use process::{State, compile, read};
use proptest::prelude::*;

use crate::support::{FILES, file_bytes, shared};
use crate::world::{commands, lawful};

/// Few cases: the whole suite runs in seconds, and a failure needs no file beside it.
fn small() -> ProptestConfig {
    ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(small())]

    #[test]
    fn any_sequence_of_commands_keeps_the_laws(
        file in 0..FILES.len(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..80),
    ) {
        let def = shared(FILES[file]);
        let mut state = State::default();
        let mut journal = Vec::new();
        for pick in picks {
            let all = commands(&def, &state);
            let command = &all[pick.index(all.len())];
            if let Some((after, events)) = lawful(&def, &state, command) {
                state = after;
                journal.extend(events);
            }
        }
        let mut replayed = State::default();
        for event in &journal {
            process::apply(&def, &mut replayed, event);
        }
        prop_assert_eq!(replayed, state);
    }

    #[test]
    fn a_damaged_file_is_refused_or_compiles_but_never_panics(
        file in 0..FILES.len(),
        at in any::<prop::sample::Index>(),
        cut in 0_usize..40,
        put in prop::collection::vec(any::<u8>(), 0..6),
    ) {
        let mut bytes = file_bytes(FILES[file]);
        let from = at.index(bytes.len());
        let to = (from + cut).min(bytes.len());
        bytes.splice(from..to, put);
        let problems = read(&bytes, "t.bpmn").and_then(|model| compile(&model).map(|_| ()));
        if let Err(problems) = problems {
            prop_assert!(!problems.is_empty());
        }
    }

    #[test]
    fn events_of_another_case_never_panic(
        file in 0..FILES.len(),
        other in 0..FILES.len(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
    ) {
        let (def, foreign) = (shared(FILES[file]), shared(FILES[other]));
        let (mut state, mut mixed) = (State::default(), State::default());
        for pick in picks {
            let all = commands(&def, &state);
            if let Some((after, events)) = lawful(&def, &state, &all[pick.index(all.len())]) {
                state = after;
                for event in &events {
                    process::apply(&foreign, &mut mixed, event);
                }
                for command in commands(&foreign, &mixed) {
                    let env = process::Env { data: &|_| None };
                    let _ = process::step(&foreign, &mixed, command, &env);
                }
            }
        }
    }
}
