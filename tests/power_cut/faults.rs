//! Full disks and failing calls.

use super::*;
use guanxi::journal::sim::{Faults, Hits};

/// Writes until something fails; gives what was acknowledged, and the outcomes that were no `Saved`.
fn until_it_fails(sim: &SimVfs, ops: u64) -> (Option<Seq>, Vec<Appended>) {
    let Ok(mut journal) = create(sim) else { return (None, Vec::new()) };
    let mut failures = Vec::new();
    for _ in 0..ops {
        let head = journal.written();
        match journal.append(head, &[entry(head + 1), entry(head + 2)]) {
            Appended::Saved(_) => {}
            other => failures.push(other),
        }
        let _ = journal.prepare_next();
    }
    (Some(journal.head()), failures)
}

#[test]
fn a_disk_that_fills_up_anywhere_costs_no_save_and_writing_goes_on_once_there_is_room() {
    for step in 0..40 {
        let sim = disk();
        sim.set_faults(Faults { capacity: Some(step * 4096), ..Faults::default() });
        let (acked, failures) = until_it_fails(&sim, 40);
        assert!(failures.iter().all(|f| matches!(f, Appended::NotSaved(_))), "{step}: {failures:?}");
        sim.set_faults(Faults::default());
        let image = sim.power_cut(&mut |_| 0);
        check(&image, acked, true).unwrap_or_else(|why| unreachable!("{step} pages: {why}"));
        if acked.is_some() {
            let mut journal = open(&image, None).unwrap().journal;
            let head = journal.head();
            assert_eq!(saved(journal.append(head, &[entry(head + 1)])), head + 1);
        }
    }
}

#[test]
fn the_same_journal_writes_on_once_there_is_room() {
    let sim = disk();
    sim.set_faults(Faults { capacity: Some(16 * 1024), ..Faults::default() });
    let mut journal = create(&sim).unwrap();
    let mut refused = 0;
    while refused == 0 {
        let head = journal.written();
        refused += u64::from(matches!(journal.append(head, &[entry(head + 1)]), Appended::NotSaved(_)));
    }
    sim.set_faults(Faults::default());
    let head = journal.written();
    assert_eq!(saved(journal.append(head, &[entry(head + 1)])), head + 1);
    all_hold(&sim, head + 1).unwrap();
}

#[test]
fn an_error_of_the_disk_at_any_call_costs_no_save() {
    for (hits, for_ever) in [(Hits::Changes, false), (Hits::Changes, true), (Hits::All, false), (Hits::Syncs, true)] {
        let mut n = 0;
        loop {
            let sim = disk();
            let short_writes = (n % 2 == 1).then_some(700);
            sim.set_faults(Faults { fail: Some((hits, n, for_ever)), short_writes, ..Faults::default() });
            let (acked, failures) = until_it_fails(&sim, 30);
            sim.set_faults(Faults::default());
            for image in [sim.power_cut(&mut |_| 0), sim.power_cut(&mut rng(n)), sim.copy()] {
                check(&image, acked, true).unwrap_or_else(|why| unreachable!("{hits:?} {n} {for_ever}: {why}"));
            }
            if acked == Some(60) && failures.is_empty() && n > 100 {
                break;
            }
            n += 1;
        }
    }
}

#[test]
fn after_a_failed_sync_nothing_is_written_again() {
    let sim = disk();
    let mut journal = create(&sim).unwrap();
    saved(journal.append(0, &[entry(1)]));
    sim.set_faults(Faults { fail: Some((Hits::Syncs, 0, false)), ..Faults::default() });
    assert!(matches!(journal.append(1, &[entry(2)]), Appended::Unknown(_)));
    assert!(journal.dead());
    let (changes, syncs) = (sim.changes(), sim.syncs());
    assert!(matches!(journal.append(2, &[entry(3)]), Appended::NotSaved(_)));
    assert!(matches!(journal.sync(), Appended::NotSaved(_)));
    assert!(journal.prepare_next().is_err());
    assert_eq!((sim.changes(), sim.syncs()), (changes, syncs));
    assert_eq!(journal.read(1).count(), 1, "what was safe is still read");
}
