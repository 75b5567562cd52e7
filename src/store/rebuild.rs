//! Building a store from a baseline. The records come in the order the bulk load wants; only the numbers are gathered and
//! sorted by hash (32 bytes each).

use super::Store;
use super::baseline::{BaselineItem, read_baseline};
use super::error::StoreError;
use super::number;
use crate::domain::{Home, Kind, Record, RecordId, Seq};
use std::path::Path;

impl Store {
    /// Takes in a whole baseline and says which journal record comes next after it. The store must be new: nothing that is
    /// there is removed. `progress` hears the number of records taken in, every now and then.
    ///
    /// # Errors
    /// [`StoreError::Baseline`] when the file does not fit its sums (throw the store away then); otherwise when the index
    /// cannot be written.
    pub fn rebuild(&self, path: &Path, progress: &mut dyn FnMut(u64)) -> Result<Seq, StoreError> {
        let mut items = read_baseline(path)?;
        let seq = items.seq();
        let mut bulk = self.bulk();
        items.next_ids().for_each(|(kind, next)| bulk.reserve(kind, next));
        let mut numbers: Vec<(Kind, u64, RecordId, Home)> = Vec::new();
        let (mut rows, mut done) = (Vec::new(), 0_u64);
        for item in &mut items {
            match item? {
                BaselineItem::Marks { tag, rows } => bulk.marks(tag, true, &rows)?,
                BaselineItem::Record(record) if record.kind.is_row() => {
                    numbers.extend(number::of(&record).map(|hash| (record.kind, hash, record.id, record.home())));
                    if rows.first().is_some_and(|first: &Record| first.customer() != record.customer()) {
                        let whose = std::mem::take(&mut rows);
                        bulk.customer_rows(whose.first().map_or(0, Record::customer), whose, Vec::new())?;
                    }
                    rows.push(record);
                    done += 1;
                }
                BaselineItem::Record(record) => {
                    bulk.records([record])?;
                    done += 1;
                }
            }
            if done % 65_536 == 0 {
                progress(done);
            }
        }
        bulk.customer_rows(rows.first().map_or(0, Record::customer), rows, Vec::new())?;
        numbers.sort_unstable();
        bulk.numbers(numbers)?;
        bulk.finish(seq)?;
        progress(done);
        Ok(seq)
    }
}
