//! The disk is full while somebody fills in a form.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jinban::demo::villager::{self, Page};

use super::room::Room;

/// A small disk of its own, taken away at the end.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"])
            .arg(at)
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(at.to_owned())),
            Ok(output) => {
                let why = String::from_utf8_lossy(&output.stderr);
                println!("SKIPPED: no small disk can be mounted here: {}", why.trim());
                None
            }
            Err(error) => {
                println!("SKIPPED: mount cannot be run: {error}");
                None
            }
        }
    }

    /// Leaves no byte free.
    fn fill(&self) {
        let filler = self.0.join("filler");
        let mut size = 1 << 20;
        let mut held = Vec::new();
        while size >= 1 {
            held.resize(held.len() + size, 0u8);
            if fs::write(&filler, &held).is_err() {
                held.truncate(held.len() - size);
                size /= 2;
            }
        }
    }

    fn clear(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_while_the_answers_stay_and_once_there_is_room_all_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&folder.path().join("state/terminal")) else {
        return;
    };
    let Some(mut room) = Room::open_in(folder).await else {
        return;
    };
    tokio::task::block_in_place(|| {
        room.go_to(Page::Living);
        disk.fill();
        room.hand.tap("和子女一起住").unwrap();
        room.hand.tap(&t!("bar.next")).unwrap();
        room.reads(&t!("save.full"));
        room.reads(&t!("save.full_do"));
        disk.clear();
        room.go_to(Page::Done);
        room.reads(&t!("done.official"));
    });
    assert_eq!(room.received().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_at_the_signature_keeps_the_draft_and_takes_the_case_later() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&folder.path().join("state/terminal")) else {
        return;
    };
    let Some(mut room) = Room::open_in(folder).await else {
        return;
    };
    tokio::task::block_in_place(|| {
        room.go_to(Page::Sign);
        disk.fill();
        villager::sign(&room.hand).unwrap();
        room.hand.tap(&t!("sign.submit")).unwrap();
        room.hand
            .await_any(&[&t!("submit.failed"), &t!("save.full")])
            .unwrap();
        assert!(!room.hand.sees(&t!("done.queued")));
        disk.clear();
        room.hand.tap(&t!("submit.again")).unwrap();
        room.reads(&t!("done.official"));
    });
    assert_eq!(room.received().await, 1);
}
