//! The sample business, carried inside the programme: the same files as in `sample-data/`, taken in by the ordinary
//! importer.

use super::desk::Desk;
use super::import::{ImportOrder, import};
use super::request::{Progress, Refusal};
use crate::domain::{Day, Kind, Who};
use crate::exchange::Options;

macro_rules! sample {
    ($($kind:ident $file:literal),* $(,)?) => {
        /// The files in the order in which they refer to one another.
        static FILES: &[(Kind, &str, &[u8])] = &[$((Kind::$kind, $file, include_bytes!(concat!("../../sample-data/", $file)))),*];
    };
}

sample! {
    Staff "staff.csv", Product "products.csv", Campaign "campaigns.csv", Customer "customers.csv", Deal "deals.csv",
    StageVisit "stages.csv", Order "orders.csv", Payment "payments.csv", Contract "contracts.csv",
    Interaction "interactions.csv", Event "events.csv", Task "tasks.csv", Ticket "tickets.csv", Response "responses.csv",
    Spend "spend.csv", Ledger "ledger.csv",
}

/// The sample's own day.
pub fn today() -> Day {
    Day::parse(include_str!("../../sample-data/TODAY")).unwrap_or(Day(20_777))
}

/// Takes the sample business in; `weeks` later than it was written.
pub fn load(desk: &Desk, who: &Who, weeks: i32, progress: &(dyn Fn(Progress) + Sync)) -> Result<(), Refusal> {
    for (kind, file, bytes) in FILES {
        let order = ImportOrder {
            kind: *kind,
            file: (*file).to_string(),
            bytes: bytes.len() as u64,
            options: Options { new_values: true, ..Options::default() },
            dry_run: false,
            shift_days: weeks * 7,
        };
        let mut reader: &[u8] = bytes;
        import(desk, who, &order, &mut reader, &|| false, progress)?;
    }
    Ok(())
}
