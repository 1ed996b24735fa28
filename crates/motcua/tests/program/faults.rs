//! A disk that is full: the act is not acknowledged, the page says so, and it can be done again.

use crate::browser::Browser;
use crate::child::{Served, fine};
use crate::kills::{Broken, numbers, ready};
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Size of the disk that is filled.
const DISK: &str = "size=48m";

/// A small disk of memory; taken away when it is dropped.
struct Disk(tempfile::TempDir);

impl Disk {
    /// `None` where this person may not mount.
    fn new() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", DISK, "motcua-test"]).arg(dir.path());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(dir))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg(self.0.path()).status();
    }
}

/// Takes every free byte.
fn fill(path: &Path) {
    let mut file = std::fs::File::create(path).unwrap();
    for size in [65_536, 4_096, 1] {
        let block = vec![7; size];
        while file.write_all(&block).is_ok() {}
    }
}

#[test]
fn a_full_disk_is_said_and_nothing_is_acknowledged() {
    let Some(disk) = Disk::new() else {
        let mut err = std::io::stderr();
        writeln!(err, "SKIPPED: a small disk cannot be mounted here, the full disk is not tried")
            .unwrap();
        return;
    };
    let data = disk.0.path().join("data");
    let text = data.to_str().unwrap();
    fine(&["demo", "--cases", "12", "--fill-only", "--data", text]);
    let before = fine(&["verify", "--data", text]);
    let served = Served::start("demo", &data);
    let mut citizen = Browser::new(served.address, "10.0.0.1");
    let (page, at) = match ready(&mut citizen, "Thạch") {
        Ok(ready) => ready,
        Err(Broken::Connection) => panic!("the connection broke"),
        Err(Broken::Answer(what)) => panic!("{what}"),
    };
    let stuffing = disk.0.path().join("stuffing");
    fill(&stuffing);
    let refused = citizen.post(&page, &at, &[("declare", "1")]);
    assert_eq!(refused.status, 503, "{}", refused.location());
    let wait = refused.header("retry-after").and_then(|s| s.parse::<u32>().ok());
    assert!(wait.is_some_and(|seconds| seconds > 0), "{wait:?}");
    assert!(refused.body.contains("Máy chủ hết chỗ, chưa lưu được"), "{}", refused.body);
    assert!(refused.body.contains("<h1") && !refused.body.contains('⟦'), "a page for people");
    assert_eq!(citizen.get("/").status, 200, "what only reads goes on");
    std::fs::remove_file(&stuffing).unwrap();
    let receipt = at.replace("/kiem-tra", "/bien-nhan");
    let early = citizen.get(&receipt);
    assert_ne!(numbers(&early).0.len(), 12, "nothing was filed");
    let page = citizen.get(&at);
    let filed = citizen.post(&page, &at, &[("declare", "1")]);
    assert_eq!((filed.status, filed.location()), (303, receipt.as_str()));
    assert_eq!(numbers(&citizen.get(&receipt)).0.len(), 12);
    served.kill();
    let after = fine(&["verify", "--data", text]);
    assert_eq!(cases(&after), cases(&before) + 1, "filed once: {before}{after}");
}

/// How many cases `verify` counted.
fn cases(out: &str) -> u64 {
    let part = out.rsplit("whole: ").next().unwrap_or_default();
    part.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{out}"))
}
