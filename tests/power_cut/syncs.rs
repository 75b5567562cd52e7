//! Every sync in the code is needed: leave it out, and some disk after some cut has lost something.

use super::*;
use guanxi::journal::sim::{Faults, Hits};

/// Runs a scenario with each of the syncs ignored in turn; whole it must hold, and without any of them it must not.
fn every_sync_is_needed(syncs: impl IntoIterator<Item = u64>, scenario: impl Fn(Option<u64>) -> Result<(), String>) {
    assert_eq!(scenario(None), Ok(()));
    for n in syncs {
        assert!(scenario(Some(n)).is_err(), "sync {n} can be left out and nothing is lost");
    }
}

fn ignoring(sim: &SimVfs, n: Option<u64>) {
    sim.set_faults(Faults { ignore_sync: n, ..Faults::default() });
}

#[test]
fn creating_needs_the_sync_of_the_file_its_name_and_its_folder() {
    every_sync_is_needed(0..3, |n| {
        let sim = disk();
        ignoring(&sim, n);
        create(&sim).unwrap();
        assert_eq!(sim.syncs(), 3);
        all_hold(&sim, 0)
    });
}

#[test]
fn a_save_needs_its_one_sync() {
    every_sync_is_needed(0..1, |n| {
        let sim = disk();
        let mut journal = create(&sim).unwrap();
        ignoring(&sim, n);
        saved(journal.append(0, &[entry(1), entry(2)]));
        assert_eq!(sim.syncs(), 1);
        all_hold(&sim, 2)
    });
}

#[test]
fn the_file_made_ahead_needs_its_sync_and_its_name() {
    every_sync_is_needed(0..2, |n| {
        let sim = disk();
        let mut journal = create(&sim).unwrap();
        ignoring(&sim, n);
        assert!(journal.prepare_next().unwrap());
        assert_eq!(sim.syncs(), 2);
        for seq in 1..=30 {
            saved(journal.append(seq - 1, &[entry(seq)]));
        }
        assert_eq!(sim.syncs(), 32, "one sync a save, the roll included");
        if sim.metadata_syncs() > 0 {
            return Err("a commit had a length to write".into());
        }
        all_hold(&sim, 30)
    });
}

#[test]
fn frames_need_a_sync_before_the_next_file_begins() {
    every_sync_is_needed(0..2, |n| {
        let sim = disk();
        let mut journal = create(&sim).unwrap();
        assert!(journal.prepare_next().unwrap());
        ignoring(&sim, n);
        for seq in 1..=30 {
            saved(journal.append_unsynced(seq - 1, &[frame(seq)]));
        }
        saved(journal.sync());
        assert_eq!(sim.syncs(), 2);
        all_hold(&sim, 30)
    });
}

#[test]
fn what_is_shown_after_a_kill_survives_a_power_cut() {
    every_sync_is_needed([2], |n| {
        let sim = disk();
        let mut journal = create(&sim).unwrap();
        saved(journal.append_unsynced(0, &[entry(1)]));
        let next_process = sim.copy();
        ignoring(&next_process, n);
        let shown = open(&next_process, None).unwrap().journal.head();
        assert_eq!((shown, next_process.syncs()), (1, 3));
        all_hold(&next_process, shown)
    });
}

#[test]
fn names_not_yet_safe_when_a_process_dies_are_made_safe_by_the_next() {
    every_sync_is_needed([0], |n| {
        let sim = disk();
        let mut journal = create(&sim).unwrap();
        ignoring(&sim, Some(1));
        assert!(journal.prepare_next().unwrap());
        let next_process = sim.copy();
        ignoring(&next_process, n);
        let mut journal = open(&next_process, None).unwrap().journal;
        for seq in 1..=30 {
            saved(journal.append(seq - 1, &[entry(seq)]));
        }
        all_hold(&next_process, 30)
    });
    every_sync_is_needed([1], |n| {
        let sim = disk();
        ignoring(&sim, Some(2));
        create(&sim).unwrap();
        let next_process = sim.copy();
        ignoring(&next_process, n);
        open(&next_process, None).unwrap();
        all_hold(&next_process, 0)
    });
}

#[test]
fn torn_bytes_are_kept_safely_before_they_are_cut() {
    let sim = disk();
    let mut journal = create(&sim).unwrap();
    saved(journal.append(0, &[entry(1)]));
    saved(journal.append_unsynced(1, &[entry(5)]));
    let torn = sim.power_cut(&mut |_| 2);
    let file = torn.open(&dir().join("00000001.gxj")).unwrap();
    file.write_all_at(b"torn", 4096 + 512 + 200).unwrap();
    file.sync_all().unwrap();
    let before = torn.bytes(&dir().join("00000001.gxj"));
    every_sync_is_needed(0..3, |n| {
        let recovering = torn.copy();
        ignoring(&recovering, n);
        let tail = open(&recovering, None).unwrap().cut.unwrap();
        let again = torn.copy();
        for event in recovering.events() {
            again.apply(&event);
            for image in cuts(&again) {
                let whole = image.bytes(&dir().join("00000001.gxj")) == before;
                if !whole && image.bytes(&tail.kept_at).len() as u64 != tail.bytes {
                    return Err("the torn bytes are gone".into());
                }
                if !whole && !before[4096 + 512..].starts_with(&image.bytes(&tail.kept_at)) {
                    return Err("the torn bytes are not what they were".into());
                }
            }
        }
        all_hold(&again, 1)
    });
}

#[test]
fn what_was_answered_with_not_saved_never_comes_back() {
    every_sync_is_needed([0], |n| {
        let sim = disk();
        let mut journal = create(&sim).unwrap();
        let fail = Some((Hits::Writes, 1, false));
        sim.set_faults(Faults { fail, short_writes: Some(512), ignore_sync: n, ..Faults::default() });
        let outcome = journal.append(0, &[entry(1), entry(2), entry(3), entry(4)]);
        assert!(matches!(outcome, Appended::NotSaved(_)), "{outcome:?}");
        let shown = cuts(&sim).map(|image| check(&image, Some(0), true).unwrap()).max();
        if shown == Some(0) { Ok(()) } else { Err("a record that was not saved is there".into()) }
    });
}

#[test]
fn state_needs_the_sync_of_the_file_and_of_its_name() {
    let (old, new) = (State { synced_seq: 1, hash: 2 }, State { synced_seq: 3, hash: 4 });
    every_sync_is_needed(0..2, |n| {
        let sim = disk();
        old.write(&sim, Path::new("/book")).unwrap();
        ignoring(&sim, n);
        new.write(&sim, Path::new("/book")).unwrap();
        assert_eq!(sim.syncs(), 2);
        cuts(&sim).try_for_each(|image| match State::read(&image, Path::new("/book")) {
            Ok(Some(state)) if state == new => Ok(()),
            other => Err(format!("{other:?}")),
        })
    });
}

#[test]
fn state_is_the_old_or_the_new_one_whenever_the_power_goes() {
    let (old, new) = (State { synced_seq: 1, hash: 2 }, State { synced_seq: 3, hash: 4 });
    let sim = disk();
    old.write(&sim, Path::new("/book")).unwrap();
    let live = sim.copy();
    let before = sim.changes();
    new.write(&sim, Path::new("/book")).unwrap();
    for event in sim.events().iter().skip(before) {
        live.apply(event);
        for image in cuts(&live) {
            let state = State::read(&image, Path::new("/book")).unwrap();
            assert!(state == Some(old) || state == Some(new), "{state:?}");
        }
    }
}
