//! Runs the built program: to its end, or serving until it is killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What a finished run said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_motcua"));
    command.args(args).env("MOTCUA_LOG_LEVEL", "error");
    command
}

/// Runs to the end with something on standard input.
pub(crate) fn run_with(args: &[&str], stdin: &str) -> Said {
    let mut command = command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that refuses early does not read it.
    let _unread = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    Said {
        code: output.status.code().expect("ended by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs to the end.
pub(crate) fn run(args: &[&str]) -> Said {
    run_with(args, "")
}

/// Runs to the end and must be done.
pub(crate) fn fine(args: &[&str]) -> String {
    let said = run(args);
    assert_eq!(said.code, 0, "{args:?}\n{}{}", said.out, said.err);
    said.out
}

/// A serving program on a free port. Killed, not ended, when it is dropped.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Served {
    /// Starts `serve` or `demo` over a folder and waits for the address that it prints.
    pub(crate) fn start(what: &str, data: &Path) -> Self {
        let data = data.to_str().unwrap();
        let mut command = command(&[what, "--data", data, "--listen", "127.0.0.1:0"]);
        // Every client of the tests may name an address of its own.
        command.env("MOTCUA_SERVER_TRUSTED_PROXIES", "127.0.0.1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut heard = String::new();
        let address = loop {
            let mut line = String::new();
            if lines.read_line(&mut line).unwrap() == 0 {
                panic!("{what} did not serve: {heard}\n{:?}", child.wait());
            }
            heard.push_str(&line);
            let found = line.split("http://").nth(1).and_then(|rest| rest.split(' ').next());
            if let Some(Ok(address)) = found.map(str::parse) {
                break address;
            }
        };
        // A full pipe would stop the program at its next line.
        std::thread::spawn(move || {
            let mut rest = Vec::new();
            let _ended = lines.read_to_end(&mut rest);
        });
        Self { child, address }
    }

    /// Kills it as `kill -9` does, and waits until it is gone.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}
