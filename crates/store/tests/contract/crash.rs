//! Killed at any moment: what was acknowledged is there when it opens again.

use crate::{House, checked, id, note, options};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use store::{Keys, Store};

const FOLDER: &str = "STORE_CONTRACT_FOLDER";
const WRITERS: u128 = 8;

#[test]
#[ignore = "run by the test below as a process of its own"]
fn the_process_that_is_killed() {
    let folder = std::path::PathBuf::from(std::env::var_os(FOLDER).expect("a folder"));
    let keys = Keys::load(&folder.join("master.keys")).unwrap();
    let store = Store::open(&folder.join("data"), keys, options()).unwrap();
    std::thread::scope(|scope| {
        for stream in 0..WRITERS {
            let store = store.clone();
            scope.spawn(move || {
                loop {
                    let seq = store.act_blocking(move |tx| note(tx, id(stream), "{}")).unwrap();
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "\nack {stream} {seq}").and_then(|()| out.flush()).unwrap();
                }
            });
        }
    });
}

#[test]
fn killed_while_writing_it_keeps_every_acknowledged_act() {
    let house = House::new();
    let mut acked: HashMap<u128, u64> = HashMap::new();
    for round in 1..=4 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "crash::the_process_that_is_killed", "--nocapture"])
            .env(FOLDER, house.root.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut acks = 0;
        let mut line = String::new();
        while lines.read_line(&mut line).unwrap() > 0 {
            if let Some((stream, seq)) = ack(&line) {
                let last = acked.entry(stream).or_default();
                *last = seq.max(*last);
                acks += 1;
                if acks == 150 + 37 * round {
                    // SIGKILL: the process gets no chance to end anything.
                    child.kill().unwrap();
                }
            }
            line.clear();
        }
        child.wait().unwrap();
        assert!(acks >= 150 + 37 * round, "the process ended by itself after {acks} acts");

        let store = house.open();
        let heads = checked(&store).heads;
        for (stream, seq) in &acked {
            let head = heads[id(*stream).as_bytes()].seq;
            assert!(head >= *seq, "stream {stream}: acknowledged {seq}, found {head}");
        }
        // Each writer waits for its answer, so at most one act of each was not acknowledged yet.
        let found: u64 = heads.values().map(|head| head.seq).sum();
        let told: u64 = acked.values().sum();
        assert!(found - told <= round as u64 * WRITERS as u64, "{found} found, {told} told");
        acked =
            heads.iter().map(|(stream, head)| (u128::from_be_bytes(*stream), head.seq)).collect();
    }
}

/// A whole line `ack <stream> <seq>`; a line that the kill cut off does not count.
fn ack(line: &str) -> Option<(u128, u64)> {
    let (stream, seq) = line.strip_suffix('\n')?.strip_prefix("ack ")?.split_once(' ')?;
    Some((stream.parse().ok()?, seq.parse().ok()?))
}
