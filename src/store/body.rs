//! Where a record's bytes go: onto its page, or, when they are long, into pieces of their own with a stub on the page.

use super::codec::{self, STUB};
use super::error::StoreError;
use super::key::{self, Space, milliseconds, sortable};
use super::page::{BODY, Place};
use super::wire::{Reader, put_u64};
use crate::domain::{Home, Kind, Record, RecordId};

/// The longest record, in bytes.
pub(super) const LONGEST: usize = 16 << 20;
/// Bytes of one piece.
const PIECE: usize = 3584;

/// A record made ready: its place, what stands on the page, and its pieces (key, payload).
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) space: Space,
    pub(super) place: Place,
    pub(super) body: Vec<u8>,
    pub(super) pieces: Vec<([u8; 16], Vec<u8>)>,
    pub(super) fingerprint: u128,
}

/// Where a record of this kind, id and home stands.
pub(super) fn place(kind: Kind, id: RecordId, home: Home) -> (Space, Place) {
    if kind.is_row() {
        (Space::Timeline, Place { group: home.customer, sub: sortable(home.at), kind: kind.code(), id })
    } else {
        (Space::Records, Place { group: u32::from(kind.code()), sub: 0, kind: kind.code(), id })
    }
}

/// The home a place says.
pub(super) fn home(space: Space, place: Place) -> Home {
    if space == Space::Timeline { Home { customer: place.group, at: milliseconds(place.sub) } } else { Home::default() }
}

/// A record's home; records that are no rows have the empty one.
pub(super) fn home_of(record: &Record) -> Home {
    if record.kind.is_row() { record.home() } else { Home::default() }
}

/// Makes a record ready to be stored.
pub(super) fn store(record: &Record) -> Result<Stored, StoreError> {
    let home = home_of(record);
    let (space, place) = place(record.kind, record.id, home);
    let bytes = codec::encode(record, home);
    let fingerprint = codec::fingerprint(record.kind, record.id, home, &bytes);
    if bytes.len() <= BODY {
        return Ok(Stored { space, place, body: bytes, pieces: Vec::new(), fingerprint });
    }
    if bytes.len() > LONGEST {
        return Err(StoreError::TooLong { kind: record.kind, id: record.id, bytes: bytes.len(), most: LONGEST });
    }
    let mut body = vec![STUB];
    put_u64(&mut body, bytes.len() as u64);
    body.extend_from_slice(&fingerprint.to_be_bytes());
    let pieces = (0_u16..).zip(bytes.chunks(PIECE)).map(|(part, piece)| (key::piece(place, part), piece.to_vec())).collect();
    Ok(Stored { space, place, body, pieces, fingerprint })
}

/// What a stub says: the record's length and fingerprint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stub {
    pub(super) len: usize,
    pub(super) fingerprint: u128,
}

impl Stub {
    /// The stub, when the body of a row is one.
    pub(super) fn of(body: &[u8]) -> Option<Stub> {
        let mut r = Reader::new(body);
        if r.byte()? != STUB {
            return None;
        }
        let len = usize::try_from(r.u64()?).ok().filter(|n| *n <= LONGEST)?;
        Some(Stub { len, fingerprint: u128::from_be_bytes(r.fixed()?) })
    }

    /// How many pieces there are.
    pub(super) fn pieces(self) -> u16 {
        u16::try_from(self.len.div_ceil(PIECE)).unwrap_or(u16::MAX)
    }
}

/// The fingerprint of the record whose row this is.
pub(super) fn fingerprint(space: Space, place: Place, body: &[u8]) -> Result<u128, StoreError> {
    if let Some(stub) = Stub::of(body) {
        return Ok(stub.fingerprint);
    }
    Ok(codec::fingerprint(kind(place)?, place.id, home(space, place), body))
}

/// The kind a place says.
pub(super) fn kind(place: Place) -> Result<Kind, StoreError> {
    Kind::from_code(place.kind).ok_or_else(|| StoreError::damaged(format!("a row of unknown kind {}", place.kind)))
}
