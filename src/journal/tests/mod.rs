//! Tests of the journal; what the power does to it is in `tests/power_cut.rs`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod bodies;
mod damage;
mod golden;
mod writing;

use super::sim::SimVfs;
use super::*;
use crate::domain::field::{C_NAME, C_OWNER};
use crate::domain::{Day, Home, Kind, Op, Record, RowSet, Seq, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const SIZES: Sizes = Sizes { first: 8 * 1024, most: 16 * 1024 };

fn dir() -> PathBuf {
    PathBuf::from("/book/journal")
}

fn first_file() -> PathBuf {
    dir().join("00000001.gxj")
}

fn salts() -> Box<dyn Salts> {
    let mut n = 0_u8;
    Box::new(move || {
        n = n.wrapping_add(1);
        [n; 16]
    })
}

fn header() -> BookHeader {
    BookHeader { book: [7; 16], zone: "Asia/Shanghai".into(), currency: "CNY".into() }
}

fn create(sim: &SimVfs) -> Journal {
    Journal::create_with(Arc::new(sim.clone()), &dir(), header(), salts(), SIZES).unwrap()
}

fn open(sim: &SimVfs, proof: Option<Seq>) -> Result<Opened, JournalError> {
    Journal::open_with(Arc::new(sim.clone()), &dir(), proof, salts(), SIZES)
}

fn entry(seq: Seq, note: &str) -> Entry {
    let ops = vec![Op::New(Record::new(Kind::Customer, seq).with(C_NAME, Value::Text(note.into())))];
    let body = Body::Change { verb: "add".into(), os_user: "shen".into(), ops };
    Entry { wall_ms: seq as i64, staff: 1, session: 2, op_id: u128::from(seq), body: body.into() }
}

fn save(journal: &mut Journal, entries: &[Entry]) {
    let head = journal.written();
    assert_eq!(journal.append(head, entries), Appended::Saved(head + entries.len() as u64));
}

/// One body of each kind.
fn bodies() -> Vec<Body> {
    let set = Op::Set { kind: Kind::Customer, id: 42, home: Home::default(), field: C_OWNER, before: None, after: Some(Value::Ref(3)) };
    let new = |id| Op::New(Record::new(Kind::Customer, id).with(C_NAME, Value::Text(format!("张三丰{id}"))));
    let mark = Op::Mark { tag: 5, on: true, rows: RowSet::from_iter([1, 2, 70_000]) };
    let gone = Op::Gone(Record::new(Kind::Task, 9));
    let rows = BatchRows { read: 10, created: 5, updated: 2, unchanged: 2, refused: 1 };
    let commit = BatchCommit {
        batch: 3,
        verb: "import".into(),
        os_user: "shen".into(),
        kind: 1,
        file: "客户.csv".into(),
        file_hash: [9; 32],
        frames: 2,
        rows,
        skip: vec![(1, 77)],
        undo_of: Some(4),
        redo: false,
    };
    let derived = Derived { rule: 1, version: 2, cause: 3, entered: RowSet::from_iter(1..500), left: RowSet::one(9) };
    vec![
        Body::Change { verb: "assign".into(), os_user: "shen".into(), ops: vec![set.clone(), mark.clone(), gone.clone()] },
        Body::Undo { of: 7, redo: true, os_user: "shen".into(), ops: vec![set.clone()] },
        Body::BatchFrame { batch: 3, index: 1, ops: vec![new(1), new(2), set, new(3), mark, gone] },
        Body::BatchCommit(commit),
        Body::StateHash { at: 1_000, hash: u128::MAX / 3, records: 12 },
        Body::Settings { key: "week.start".into(), before: None, after: Some("monday".into()) },
        Body::Audit { what: "export customers".into(), rows: 431 },
        Body::Day { day: Day(20_777) },
        Body::Derived(derived),
        Body::Baseline { at: 900, file: "baseline-900.gxb".into(), hash: [3; 32] },
    ]
}
