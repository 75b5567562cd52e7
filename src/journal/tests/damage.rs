//! Damage of every bit and cuts at every byte: found, or without effect.

use super::*;

/// A small journal of three commits, and what its records say.
fn small() -> (SimVfs, Vec<Stored>) {
    let sim = SimVfs::new();
    let mut journal = create(&sim);
    save(&mut journal, &[entry(1, "张三丰")]);
    save(&mut journal, &[entry(2, "沈知微"), entry(3, "李")]);
    save(&mut journal, &[entry(4, &"长".repeat(250))]);
    let stored = read(&journal);
    (sim, stored)
}

fn read(journal: &Journal) -> Vec<Stored> {
    journal.read(1).collect::<Result<_, _>>().unwrap()
}

fn with(bytes: &[u8]) -> SimVfs {
    let sim = SimVfs::new();
    sim.plant(&first_file(), bytes);
    sim
}

/// Opens a damaged disk: refused without a byte written, or a tail reported, or exactly what was written.
fn opens_honestly(sim: &SimVfs, stored: &[Stored], proof: Option<Seq>) -> bool {
    match open(sim, proof) {
        Err(JournalError::Corrupt { .. } | JournalError::Newer { .. }) => {
            assert_eq!(sim.changes(), 0, "something was written");
            true
        }
        Err(other) => panic!("{other}"),
        Ok(opened) => {
            let read = read(&opened.journal);
            assert!(stored.starts_with(&read), "wrong records were read");
            assert!(opened.cut.is_some() || read == stored, "records are gone without a word");
            if let Some(proof) = proof {
                assert!(read.len() as u64 >= proof, "an acknowledged record was cut off");
            }
            opened.cut.is_some()
        }
    }
}

#[test]
fn every_flipped_bit_is_found_by_verify_and_never_misread_by_open() {
    let (sim, stored) = small();
    let bytes = sim.bytes(&first_file());
    let used = bytes.iter().rposition(|b| *b != 0).unwrap() + 1;
    assert!(verify(&sim, &dir()).unwrap().problems.is_empty());
    let (mut silent, mut flips) = (0, 0);
    for bit in 0..bytes.len() * 8 {
        // Zeros behind the header's text and behind the end are alike: some of them are enough, unless all are asked for.
        let empty =
            std::env::var_os("GUANXI_FULL").is_none() && bytes[bit / 8] == 0 && (bit / 8 >= used || (bit / 8 > 128 && bit / 8 < 4000));
        if empty && bit % 64 != 0 {
            continue;
        }
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let report = verify(&with(&damaged), &dir());
        assert!(!matches!(report, Ok(ref r) if r.problems.is_empty()), "bit {bit} passes verify");
        silent += u32::from(!opens_honestly(&with(&damaged), &stored, None));
        flips += 1;
        if bit % 7 == 0 {
            opens_honestly(&with(&damaged), &stored, Some(4));
        }
    }
    assert_eq!(silent, 0, "of {flips} flips");
}

#[test]
fn a_journal_cut_at_any_byte_opens_with_what_is_whole_or_not_at_all_when_more_was_acknowledged() {
    let (sim, stored) = small();
    let bytes = sim.bytes(&first_file());
    let used = bytes.iter().rposition(|b| *b != 0).unwrap() + 1;
    for len in 4096..used {
        for zeros in [false, true] {
            let mut cut = bytes[..len].to_vec();
            cut.resize(if zeros { bytes.len() } else { len }, 0);
            let opened = open(&with(&cut), None).unwrap();
            assert!(stored.starts_with(&read(&opened.journal)), "{len}");
            assert!(matches!(open(&with(&cut), Some(4)), Err(JournalError::Corrupt { .. })), "{len}");
        }
    }
}

#[test]
fn a_torn_tail_is_cut_and_kept_aside() {
    let (sim, stored) = small();
    let mut bytes = sim.bytes(&first_file());
    let last = 4096 + 512 * 2 + 200;
    let used = bytes.iter().rposition(|b| *b != 0).unwrap() + 1;
    bytes[last] ^= 1;
    let damaged = with(&bytes);
    let opened = open(&damaged, Some(1)).unwrap();
    let cut = opened.cut.unwrap();
    assert!(stored.starts_with(&read(&opened.journal)));
    assert_eq!(damaged.bytes(&cut.kept_at), bytes[used - cut.bytes as usize..used]);
    assert_eq!(cut.seq, opened.journal.head() + 1);
    assert!(open(&damaged, None).unwrap().cut.is_none(), "once is enough");
    assert!(verify(&damaged, &dir()).unwrap().problems.is_empty());
}

#[test]
fn a_lost_sector_of_an_acknowledged_record_is_corruption_not_the_end() {
    let (sim, _) = small();
    let mut bytes = sim.bytes(&first_file());
    bytes[4096..4096 + 512].fill(0);
    let damaged = with(&bytes);
    let Err(JournalError::Corrupt { seq, offset, .. }) = open(&damaged, None) else { panic!("it opened") };
    assert_eq!((seq, offset, damaged.changes()), (1, 4096, 0));
    assert!(!verify(&damaged, &dir()).unwrap().problems.is_empty());
}

#[test]
fn a_missing_or_foreign_file_in_the_middle_is_found() {
    let sim = SimVfs::new();
    let mut journal = create(&sim);
    for seq in 1..=60 {
        save(&mut journal, &[entry(seq, "x")]);
    }
    assert!(verify(&sim, &dir()).unwrap().files >= 3);
    let second = dir().join("00000002.gxj");
    let whole = sim.bytes(&second);
    sim.remove(&second).unwrap();
    assert!(matches!(open(&sim, None), Err(JournalError::Corrupt { .. })));
    assert!(!verify(&sim, &dir()).unwrap().problems.is_empty());
    let mut damaged = whole.clone();
    damaged[4096 + 150] ^= 4;
    sim.plant(&second, &damaged);
    assert!(!verify(&sim, &dir()).unwrap().problems.is_empty());
    let read: Vec<_> = Reader::open(Arc::new(sim.clone()), &dir(), 1).unwrap().collect();
    assert!(matches!(read.last(), Some(Err(JournalError::Corrupt { .. }))));
    sim.plant(&second, &whole);
    assert_eq!(Reader::open(Arc::new(sim), &dir(), 1).unwrap().filter(Result::is_ok).count(), 60);
}

#[test]
fn every_flipped_bit_of_state_is_found() {
    let sim = SimVfs::new();
    State { synced_seq: 77, hash: 1 << 90 }.write(&sim, Path::new("/")).unwrap();
    let bytes = sim.bytes(Path::new("/STATE"));
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        sim.plant(Path::new("/STATE"), &damaged);
        assert!(State::read(&sim, Path::new("/")).is_err(), "bit {bit}");
    }
}

#[test]
fn a_file_of_records_behind_an_empty_one_is_not_removed() {
    let sim = SimVfs::new();
    let mut journal = create(&sim);
    for seq in 1..=60 {
        save(&mut journal, &[entry(seq, "x")]);
    }
    let files = sim.list(&dir()).unwrap();
    let [.., before, last] = files.as_slice() else { panic!("{files:?}") };
    // Everything of one file is lost, and the header of the one after it.
    let (len, mut bytes) = (sim.bytes(before).len(), sim.bytes(last));
    sim.plant(before, &vec![0; len]);
    bytes[8..40].fill(0);
    sim.plant(last, &bytes);
    let changes = sim.changes();
    assert!(matches!(open(&sim, None), Err(JournalError::Corrupt { .. })));
    assert_eq!((sim.changes(), sim.bytes(last)), (changes, bytes), "nothing is touched");
}
