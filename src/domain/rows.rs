//! A set of customers, by id: compressed bitmaps, so that half a million tagged customers are one small record.

use super::CustomerId;
use roaring::RoaringBitmap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A set of customer ids.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RowSet(RoaringBitmap);

impl Eq for RowSet {}

impl RowSet {
    /// The empty set.
    pub fn new() -> RowSet {
        RowSet::default()
    }
    /// The set of one.
    pub fn one(id: CustomerId) -> RowSet {
        RowSet(RoaringBitmap::from_iter([id]))
    }
    /// Adds; true when it was not in.
    pub fn insert(&mut self, id: CustomerId) -> bool {
        self.0.insert(id)
    }
    /// Removes; true when it was in.
    pub fn remove(&mut self, id: CustomerId) -> bool {
        self.0.remove(id)
    }
    /// Is it in?
    pub fn contains(&self, id: CustomerId) -> bool {
        self.0.contains(id)
    }
    /// How many.
    pub fn len(&self) -> u64 {
        self.0.len()
    }
    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Ascending.
    pub fn iter(&self) -> impl Iterator<Item = CustomerId> + '_ {
        self.0.iter()
    }
    /// The bitmap itself, for set arithmetic.
    pub fn bitmap(&self) -> &RoaringBitmap {
        &self.0
    }
    /// From a bitmap.
    pub fn from_bitmap(bitmap: RoaringBitmap) -> RowSet {
        RowSet(bitmap)
    }
    /// The portable serialised form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.serialized_size());
        // Writing into a Vec cannot fail; an empty result would be refused when read back.
        let _ = self.0.serialize_into(&mut bytes);
        bytes
    }
    /// Reads the portable form; `None` when the bytes are no bitmap.
    pub fn from_bytes(bytes: &[u8]) -> Option<RowSet> {
        RoaringBitmap::deserialize_from(bytes).ok().map(RowSet)
    }
}

impl FromIterator<CustomerId> for RowSet {
    fn from_iter<T: IntoIterator<Item = CustomerId>>(ids: T) -> RowSet {
        RowSet(RoaringBitmap::from_iter(ids))
    }
}

impl Serialize for RowSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_bytes().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RowSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RowSet, D::Error> {
        let bytes = Vec::<u8>::deserialize(deserializer)?;
        RowSet::from_bytes(&bytes).ok_or_else(|| D::Error::custom("not a set of rows"))
    }
}
