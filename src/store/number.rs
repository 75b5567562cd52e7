//! Record numbers (order, contract, follow-up, deal, ticket) to ids and homes: rows sorted by kind and hash, packed like any
//! other page. The stored hash is 40 bits, so a look-up reads the record itself before it answers.

use super::page::{Place, Row};
use super::wire::{CLOCK, Reader, put_scaled, put_u64};
use crate::domain::fold::fold;
use crate::domain::{Home, Kind, Record, RecordId};

/// The hash of a record number: the first 64 bits of BLAKE3 over kind and folded number.
pub fn number_hash(kind: Kind, number: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[kind.code()]).update(fold(number).as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_be_bytes(first)
}

/// The hash of a row's own number; `None` when it has none. Customers and products are looked up in memory.
pub(super) fn of(record: &Record) -> Option<u64> {
    let number = record.number();
    (record.kind.is_row() && !number.is_empty()).then(|| number_hash(record.kind, number))
}

/// Where the entry of a number stands.
pub(super) fn place(kind: Kind, hash: u64, id: RecordId) -> Place {
    Place { group: u32::from(kind.code()), sub: hash >> 24, kind: kind.code(), id }
}

/// The entry of a number.
pub(super) fn row(kind: Kind, hash: u64, id: RecordId, home: Home) -> Row<Vec<u8>> {
    let mut body = Vec::with_capacity(10);
    put_u64(&mut body, u64::from(home.customer));
    put_scaled(&mut body, home.at, CLOCK);
    Row { place: place(kind, hash, id), body }
}

/// The home an entry names.
pub(super) fn home(body: &[u8]) -> Option<Home> {
    let mut r = Reader::new(body);
    Some(Home { customer: r.u32()?, at: r.scaled(CLOCK)? })
}
