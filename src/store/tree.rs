//! The one sled tree, read and written through envelopes. Readers hold `state` for reading and the one writer holds it for
//! writing, so that nobody sees half a batch: sled's own scans are no snapshots.

use super::body::{self, Stub};
use super::codec;
use super::envelope::{self, Unreadable};
use super::error::StoreError;
use super::frozen::Aside;
use super::key::{self, META, Space};
use super::meta::Meta;
use super::page::{self, Place, Row};
use crate::domain::{Home, Kind, Record, RecordId};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What all clones of a store share.
pub(super) struct Inner {
    pub(super) db: sled::Db,
    /// `None` for a temporary one.
    pub(super) folder: Option<PathBuf>,
    state: RwLock<Meta>,
    /// What a frozen view still needs; taken after `state`, never before.
    aside: Mutex<Option<Aside>>,
    /// A bulk load holds rows that are in no batch yet.
    pub(super) bulk_pending: AtomicBool,
}

/// An unpacked page and the place it begins with.
pub(super) type Unpacked = (Place, Vec<u8>);

/// Hears rows one by one.
pub(super) type RowVisitor<'a> = &'a mut dyn FnMut(Row<&[u8]>) -> Result<(), StoreError>;
/// Gives a piece of a long record by its key.
pub(super) type PieceReader<'a> = &'a mut dyn FnMut(&[u8; 16]) -> Result<Option<Vec<u8>>, StoreError>;

/// What to put and remove in one batch: keys with payloads not yet in their envelopes, or with values sealed already.
#[derive(Debug, Default)]
pub(super) struct Writes {
    batch: sled::Batch,
    keys: Vec<Vec<u8>>,
}

impl Writes {
    pub(super) fn put(&mut self, key: &[u8], payload: &[u8]) -> Result<(), StoreError> {
        let value = envelope::seal(key, payload).ok_or_else(|| StoreError::damaged("a value longer than 4 KiB was to be written"))?;
        self.put_sealed(key, value);
        Ok(())
    }

    pub(super) fn put_sealed(&mut self, key: &[u8], value: Vec<u8>) {
        self.batch.insert(key, value);
        self.keys.push(key.to_vec());
    }

    pub(super) fn remove(&mut self, key: &[u8]) {
        self.batch.remove(key);
        self.keys.push(key.to_vec());
    }

    /// How many keys are written.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }
}

impl Inner {
    pub(super) fn new(db: sled::Db, folder: Option<PathBuf>) -> Result<Inner, StoreError> {
        let inner = Inner { db, folder, state: RwLock::default(), aside: Mutex::default(), bulk_pending: AtomicBool::new(false) };
        if let Some(bytes) = inner.get(META)? {
            *inner.write() = Meta::decode(&bytes).ok_or_else(|| StoreError::damaged("its own entry is unreadable"))?;
        } else if inner.db.iter().next().transpose()?.is_some() {
            return Err(StoreError::damaged("its own entry is missing"));
        }
        Ok(inner)
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Meta> {
        self.state.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(super) fn aside(&self) -> MutexGuard<'_, Option<Aside>> {
        self.aside.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Meta> {
        self.state.write().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// One atomic batch together with what the store then knows about itself.
    pub(super) fn commit(&self, state: &mut Meta, after: Meta, mut writes: Writes) -> Result<(), StoreError> {
        writes.put(META, &after.encode())?;
        if let Some(aside) = self.aside().as_mut() {
            aside.keep(&self.db, &writes.keys)?;
        }
        self.db.apply_batch(writes.batch)?;
        *state = after;
        Ok(())
    }

    /// The payload under a key.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.db.get(key)?.map(|value| opened(key, &value)).transpose()
    }

    /// The page that begins at or before `place`: the only one that can hold it.
    pub(super) fn page_before(&self, space: Space, place: Place) -> Result<Option<Unpacked>, StoreError> {
        let floor = [space.prefix()];
        let ceiling = key::page(space, place);
        self.db.range(floor.as_slice()..=ceiling.as_slice()).next_back().transpose()?.map(|(k, v)| unpacked(space, &k, &v)).transpose()
    }

    /// The first page that begins at `place` or later.
    pub(super) fn page_from(&self, space: Space, place: Place) -> Result<Option<Unpacked>, StoreError> {
        self.pages_from(space, place).next().transpose()
    }

    /// The pages that begin at `place` or later.
    pub(super) fn pages_from(&self, space: Space, place: Place) -> impl Iterator<Item = Result<Unpacked, StoreError>> + use<> {
        let floor = key::page(space, place);
        let ceiling = [space.prefix() + 1];
        self.db.range(floor.as_slice()..ceiling.as_slice()).map(move |entry| {
            let (k, v) = entry?;
            unpacked(space, &k, &v)
        })
    }

    /// Where the first page at `place` or later begins, without unpacking it.
    pub(super) fn key_from(&self, space: Space, place: Place) -> Result<Option<Place>, StoreError> {
        let floor = key::page(space, place);
        let ceiling = [space.prefix() + 1];
        let entry = self.db.range(floor.as_slice()..ceiling.as_slice()).next().transpose()?;
        entry.map(|(k, _)| key::place(space, &k).ok_or_else(|| StoreError::damaged("a page key is unreadable"))).transpose()
    }

    /// The row at a place, its body as it stands on the page.
    pub(super) fn row(&self, space: Space, place: Place) -> Result<Option<Vec<u8>>, StoreError> {
        let Some((_, bytes)) = self.page_before(space, place)? else { return Ok(None) };
        let mut rows = Vec::new();
        group_rows(space, &bytes, place.group, &mut rows)?;
        Ok(rows.into_iter().find(|r| r.place == place).map(|r| r.body.to_vec()))
    }

    /// Walks all rows of a group, in order.
    pub(super) fn each_row(&self, space: Space, group: u32, f: RowVisitor<'_>) -> Result<(), StoreError> {
        let start = Place::first(group);
        let before = self.page_before(space, start)?.filter(|(first, _)| *first < start);
        for page in before.map(Ok).into_iter().chain(self.pages_from(space, start)) {
            let (first, bytes) = page?;
            if first.group > group {
                break;
            }
            let mut rows = Vec::new();
            group_rows(space, &bytes, group, &mut rows)?;
            rows.into_iter().try_for_each(&mut *f)?;
        }
        Ok(())
    }

    /// The record of that kind and id that stands where its home says.
    pub(super) fn record_at(&self, kind: Kind, id: RecordId, home: Home) -> Result<Option<Record>, StoreError> {
        let (space, place) = body::place(kind, id, home);
        self.row(space, place)?.map(|body| self.record(space, place, &body)).transpose()
    }

    /// The record whose row this is.
    pub(super) fn record(&self, space: Space, place: Place, body: &[u8]) -> Result<Record, StoreError> {
        record_from(space, place, body, &mut |key| self.get(key))
    }
}

/// The record whose row this is, its pieces (if it is long) asked of `piece`.
pub(super) fn record_from(space: Space, place: Place, body: &[u8], piece: PieceReader<'_>) -> Result<Record, StoreError> {
    let kind = body::kind(place)?;
    let home = body::home(space, place);
    let record = match Stub::of(body) {
        None => codec::decode(kind, place.id, home, body),
        Some(stub) => {
            let mut whole = Vec::new();
            for part in 0..stub.pieces() {
                whole.extend(piece(&key::piece(place, part))?.unwrap_or_default());
            }
            if codec::fingerprint(kind, place.id, home, &whole) != stub.fingerprint {
                return Err(StoreError::damaged(format!("a piece of {} {} is missing or another's", kind.plural(), place.id)));
            }
            codec::decode(kind, place.id, home, &whole)
        }
    };
    record.ok_or_else(|| StoreError::damaged(format!("{} {} is unreadable", kind.plural(), place.id)))
}

/// The rows of one group on a page.
pub(super) fn group_rows<'a>(space: Space, bytes: &'a [u8], group: u32, out: &mut Vec<Row<&'a [u8]>>) -> Result<(), StoreError> {
    for entry in page::groups(bytes) {
        let (this, inner) = entry.ok_or_else(bad_page)?;
        if this == group {
            return page::rows_of(space, group, inner, out).ok_or_else(bad_page);
        }
        if this > group {
            break;
        }
    }
    Ok(())
}

/// The sentence for a page whose sum is right but whose rows are not.
pub(super) fn bad_page() -> StoreError {
    StoreError::damaged("a page is unreadable")
}

/// A value out of its envelope.
pub(super) fn opened(key: &[u8], value: &[u8]) -> Result<Vec<u8>, StoreError> {
    match envelope::open(key, value) {
        Ok(payload) => Ok(payload.into_owned()),
        Err(Unreadable::Damaged) => Err(StoreError::damaged("a value does not match its sum")),
        Err(Unreadable::Newer(schema)) => Err(StoreError::Newer { schema, known: codec::SCHEMA }),
    }
}

fn unpacked(space: Space, key: &[u8], value: &[u8]) -> Result<Unpacked, StoreError> {
    let place = key::place(space, key).ok_or_else(|| StoreError::damaged("a page key is unreadable"))?;
    Ok((place, opened(key, value)?))
}
