//! Writing and reading back, on the disk in memory and on the real one.

use super::*;
use std::time::Duration;

#[test]
fn what_is_saved_is_read_back_in_order_over_many_files() {
    let sim = SimVfs::new();
    let mut journal = create(&sim);
    for seq in 1..=200 {
        save(&mut journal, &[entry(seq, "张三丰")]);
        journal.prepare_next().unwrap();
    }
    let opened = open(&sim, Some(200)).unwrap();
    assert!(opened.cut.is_none());
    for journal in [&journal, &opened.journal] {
        assert_eq!(journal.head(), 200);
        for seq in 1..=200 {
            let stored = journal.read_one(seq).unwrap();
            assert_eq!((stored.seq, stored.op_id, stored.wall_ms), (seq, u128::from(seq), seq as i64));
        }
        assert_eq!(journal.read(1).map(|r| r.unwrap().seq).collect::<Vec<_>>(), (1..=200).collect::<Vec<_>>());
        assert_eq!(journal.read(131).count(), 70);
        assert!(matches!(journal.read_one(201), Err(JournalError::NoRecord { seq: 201, head: 200 })));
        assert!(matches!(journal.read_one(0), Err(JournalError::NoRecord { .. })));
    }
    assert_eq!(opened.journal.header(), &header());
    let report = verify(&sim, &dir()).unwrap();
    assert_eq!((report.first, report.last, report.records, report.problems), (1, 200, 200, vec![]));
}

#[test]
fn writing_goes_on_after_opening_and_the_chain_holds() {
    let sim = SimVfs::new();
    save(&mut create(&sim), &[entry(1, "a"), entry(2, "b")]);
    for seq in 3..30 {
        save(&mut open(&sim, None).unwrap().journal, &[entry(seq, "c")]);
    }
    assert_eq!(verify(&sim, &dir()).unwrap().problems, vec![]);
    assert_eq!(open(&sim, None).unwrap().journal.read(1).filter(Result::is_ok).count(), 29);
}

#[test]
fn a_decision_upon_an_old_head_is_stale_and_writes_nothing() {
    let sim = SimVfs::new();
    let mut journal = create(&sim);
    save(&mut journal, &[entry(1, "a")]);
    let before = sim.bytes_written();
    assert_eq!(journal.append(0, &[entry(2, "b")]), Appended::Stale(1));
    assert_eq!(sim.bytes_written(), before);
}

#[test]
fn a_group_of_saves_costs_one_write_and_one_sync() {
    let sim = SimVfs::new();
    let mut journal = create(&sim);
    let (syncs, changes) = (sim.syncs(), sim.changes());
    save(&mut journal, &(1..=8).map(|seq| entry(seq, "a")).collect::<Vec<_>>());
    assert_eq!((sim.syncs() - syncs, sim.changes() - changes), (1, 2));
}

#[test]
fn a_change_too_large_for_a_record_is_refused_and_the_next_is_taken() {
    let sim = SimVfs::new();
    let mut journal = create(&sim);
    let mut state = 1_u64;
    let noise: String = (0..600_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(b'!' + (state >> 58) as u8)
        })
        .collect();
    assert!(matches!(journal.append(0, &[entry(1, &noise)]), Appended::NotSaved(why) if why.contains("smaller parts")));
    save(&mut journal, &[entry(1, "a")]);
}

#[test]
fn a_commit_longer_than_the_next_file_makes_that_file_longer() {
    let sim = SimVfs::new();
    let mut journal = create(&sim);
    let frames: Vec<Entry> = (1..=40).map(|seq| entry(seq, &format!("{seq}").repeat(400))).collect();
    save(&mut journal, &frames);
    save(&mut journal, &[entry(41, "a")]);
    assert_eq!(open(&sim, Some(41)).unwrap().journal.read(1).filter(Result::is_ok).count(), 41);
    assert_eq!(verify(&sim, &dir()).unwrap().problems, vec![]);
}

#[test]
fn a_journal_is_not_made_twice_nor_opened_where_there_is_none() {
    let sim = SimVfs::new();
    assert!(matches!(open(&sim, None), Err(JournalError::Missing(_))));
    create(&sim);
    let again = Journal::create(Arc::new(sim.clone()), &dir(), header(), salts());
    assert!(matches!(again, Err(JournalError::Exists(_))));
}

#[test]
fn a_reader_without_the_journal_stops_at_the_last_valid_record() {
    let sim = SimVfs::new();
    let mut journal = create(&sim);
    save(&mut journal, &[entry(1, "a")]);
    let _ = journal.append_unsynced(1, &[entry(2, "b")]);
    let end = 4096 + 512 + 300;
    sim.open(&first_file()).unwrap().write_all_at(b"half a record", end).unwrap();
    assert_eq!(journal.read(1).count(), 1, "what is not safe is not shown");
    let read: Vec<_> = Reader::open(Arc::new(sim), &dir(), 1).unwrap().collect::<Result<_, _>>().unwrap();
    assert!(!read.is_empty() && read.len() <= 2);
}

#[test]
fn other_threads_hear_of_a_new_head() {
    let sim = SimVfs::new();
    let mut journal = create(&sim);
    let watch = journal.watch();
    assert_eq!(watch.past(0, Duration::ZERO), 0);
    let waiting = std::thread::spawn(move || watch.past(0, Duration::from_secs(60)));
    save(&mut journal, &[entry(1, "a")]);
    assert_eq!(waiting.join().unwrap(), 1);
}

#[test]
fn the_real_disk_holds_what_the_one_in_memory_holds() {
    let folder = tempfile::tempdir().unwrap();
    let (real, sim) = (RealVfs::new(), SimVfs::new());
    let path = folder.path().join("journal");
    let mut on_disk = Journal::create_with(Arc::new(real.clone()), &path, header(), salts(), SIZES).unwrap();
    let mut in_memory = create(&sim);
    for seq in 1..=40 {
        save(&mut on_disk, &[entry(seq, "a")]);
        save(&mut in_memory, &[entry(seq, "a")]);
    }
    for file in real.list(&path).unwrap() {
        let name = file.file_name().unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), sim.bytes(&dir().join(name)));
    }
    assert_eq!((real.syncs(), real.bytes_written()), (sim.syncs(), sim.bytes_written()));
    drop(on_disk);
    let opened = Journal::open(Arc::new(real), &path, Some(40), salts()).unwrap();
    assert_eq!(opened.journal.read(1).filter(Result::is_ok).count(), 40);
}
