//! The ordinary importer reads every file: nothing refused, nothing warned of, no column left over, no name unknown.

use super::files;
use guanxi::domain::{CustomerId, Dicts, FieldId, Home, Kind, Record, RecordId, Refs, Value, Zone, field, fold::fold, phone};
use guanxi::exchange::{BookView, Options, Staged, stage};
use std::collections::HashMap;

/// As much of a book as an import asks for.
#[derive(Default)]
struct Book {
    refs: Refs,
    dicts: Dicts,
    numbers: HashMap<(Kind, String), Vec<(RecordId, Home)>>,
    phones: HashMap<String, Vec<CustomerId>>,
    names: HashMap<String, Vec<CustomerId>>,
    next: HashMap<Kind, RecordId>,
}

impl BookView for Book {
    fn zone(&self) -> Zone {
        Zone::shanghai()
    }
    fn dicts(&self) -> &Dicts {
        &self.dicts
    }
    fn refs(&self) -> &Refs {
        &self.refs
    }
    fn customers_by_number(&self, number: &str) -> Vec<CustomerId> {
        self.numbered(Kind::Customer, number).into_iter().map(|(id, _)| CustomerId::try_from(id).unwrap()).collect()
    }
    fn customers_by(&self, id: FieldId, text: &str) -> Vec<CustomerId> {
        assert_eq!(id, field::C_PHONES);
        self.phones.get(&phone::key(text)).cloned().unwrap_or_default()
    }
    fn customers_by_name(&self, folded: &str) -> Vec<CustomerId> {
        self.names.get(folded).cloned().unwrap_or_default()
    }
    fn customer_near(&self, _: &str) -> Option<String> {
        None
    }
    fn numbered(&self, kind: Kind, number: &str) -> Vec<(RecordId, Home)> {
        self.numbers.get(&(kind, fold(number))).cloned().unwrap_or_default()
    }
    fn has_numbers(&self, kind: Kind) -> bool {
        self.numbers.keys().any(|(k, _)| *k == kind)
    }
}

impl Book {
    /// Stages a file and takes what later files refer to.
    fn import(&mut self, kind: &str, file: &str, options: &Options) -> Staged {
        let (kind, dir) = (Kind::from_plural(kind).unwrap(), tempfile::tempdir().unwrap());
        let mut input = &files()[file][..];
        let staged =
            stage(&mut input, kind, options, &*self, dir.path(), &|| false, &mut |_, _| {}).unwrap_or_else(|e| panic!("{file}: {e}"));
        for row in staged.rows().unwrap() {
            let mut record = Record::new(kind, 0);
            record.fields = row.unwrap().fields;
            self.put(record);
        }
        for made in &staged.placeholders {
            self.put(Record::new(made.kind, 0).with(field::name_of(made.kind).unwrap(), Value::Text(made.name.clone())));
        }
        staged
    }

    fn put(&mut self, mut record: Record) {
        let next = self.next.entry(record.kind).or_default();
        *next += 1;
        record.id = *next;
        if !record.number().is_empty() {
            self.numbers.entry((record.kind, fold(record.number()))).or_default().push((record.id, Home::default()));
        }
        if record.kind == Kind::Customer {
            let id = CustomerId::try_from(record.id).unwrap();
            let phones = record.get(field::C_PHONES).map_or(&[][..], Value::texts);
            phones.iter().for_each(|p| self.phones.entry(phone::key(p)).or_default().push(id));
            self.names.entry(fold(record.text(field::C_NAME))).or_default().push(id);
        }
        if record.kind.is_reference() {
            self.refs.put(record);
        }
    }
}

#[test]
fn the_ordinary_import_takes_every_file_whole() {
    let mut book = Book::default();
    let kinds = [
        "staff",
        "products",
        "campaigns",
        "customers",
        "orders",
        "payments",
        "contracts",
        "deals",
        "stages",
        "interactions",
        "events",
        "tasks",
        "tickets",
        "responses",
        "spend",
        "ledger",
    ];
    for kind in kinds {
        let staged = book.import(kind, &format!("{kind}.csv"), &Options::default());
        let left: Vec<_> = staged.untaken.iter().map(|u| &u.head).collect();
        assert_eq!(
            (staged.totals.refused, staged.totals.warnings, left.len()),
            (0, 0, 0),
            "{kind}: {:?} {:?} {left:?}",
            staged.first_refusals,
            staged.warnings
        );
        assert!(
            staged.unknown_links.is_empty() && staged.new_entries.is_empty() && staged.totals.read == staged.totals.handed_over,
            "{kind}"
        );
        let made = staged.placeholders.iter().filter(|p| ![Kind::Pipeline, Kind::Stage, Kind::Tag].contains(&p.kind)).count();
        assert_eq!(made, 0, "{kind}: {:?}", staged.placeholders);
    }
    let fair = Options { key: Some("phone".to_string()), ..Options::default() };
    let staged = book.import("customers", "try-import/展会名单-GBK.csv", &fair);
    let totals = staged.totals;
    assert_eq!((totals.read, totals.refused, totals.records - u64::from(totals.new_records), staged.untaken.len()), (60, 7, 5, 3));
    let staged = book.import("orders", "try-import/marketplace-orders.tsv", &Options::default());
    assert_eq!((staged.totals.new_records, staged.totals.refused, staged.totals.warnings), (40, 0, 0));
}
