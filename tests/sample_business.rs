//! The sample business: its generator, the files it must equal byte for byte, and the story they must tell.
//!
//! `cargo test --test sample_business` makes every file of `sample-data/` again in memory and compares. After a change of
//! the generator, `UPDATE_SAMPLE=1 cargo test --test sample_business` writes them.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "sample_business/book.rs"]
mod book;
#[path = "sample_business/customers.rs"]
mod customers;
#[path = "sample_business/extras.rs"]
mod extras;
#[path = "sample_business/import.rs"]
mod import;
#[path = "sample_business/marketing.rs"]
mod marketing;
#[path = "sample_business/office.rs"]
mod office;
#[path = "sample_business/people.rs"]
mod people;
#[path = "sample_business/sales.rs"]
mod sales;
#[path = "sample_business/service.rs"]
mod service;
#[path = "sample_business/story.rs"]
mod story;
#[path = "sample_business/story_people.rs"]
mod story_people;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

/// Every file by its path under `sample-data/`.
fn files() -> &'static BTreeMap<&'static str, Vec<u8>> {
    static FILES: OnceLock<BTreeMap<&'static str, Vec<u8>>> = OnceLock::new();
    FILES.get_or_init(|| {
        let people = people::everybody();
        let deals = office::deals(&people);
        let orders = sales::orders(&people, &deals);
        let tables = [
            ("customers.csv", customers::table(&people)),
            ("products.csv", extras::products()),
            ("staff.csv", extras::staff()),
            ("orders.csv", sales::table(&orders, &people)),
            ("payments.csv", sales::payment_table(&orders)),
            ("contracts.csv", office::contract_table(&people)),
            ("interactions.csv", service::interaction_table(&people, &deals)),
            ("events.csv", service::event_table(&people)),
            ("tasks.csv", service::task_table(&people)),
            ("deals.csv", office::deal_table(&deals, &people)),
            ("stages.csv", office::stage_table(&deals)),
            ("tickets.csv", service::ticket_table(&people)),
            ("campaigns.csv", marketing::campaign_table()),
            ("responses.csv", marketing::response_table(&people)),
            ("spend.csv", marketing::spend_table(&people, &orders)),
            ("ledger.csv", service::ledger_table(&people)),
            ("city_tiers.csv", extras::city_tiers()),
        ];
        let mut files: BTreeMap<_, _> = tables.into_iter().map(|(name, table)| (name, table.csv().into_bytes())).collect();
        files.extend(extras::files(&people, &orders));
        files
    })
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample-data")
}

#[test]
fn the_files_are_what_the_generator_makes() {
    let update = std::env::var_os("UPDATE_SAMPLE").is_some();
    for (name, made) in files() {
        let path = folder().join(name);
        if update {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, made).unwrap();
        }
        let kept = std::fs::read(&path).unwrap_or_default();
        let same = kept.iter().zip(made).take_while(|(a, b)| a == b).count();
        let line = made[..same].iter().filter(|b| **b == b'\n').count() + 1;
        assert!(kept == *made, "sample-data/{name} differs from line {line} on; UPDATE_SAMPLE=1 writes it");
    }
}

#[test]
fn the_files_are_small_plain_and_complete() {
    let size: usize = files().values().map(Vec::len).sum();
    assert!(size <= 6_000_000, "{size} bytes");
    for (name, bytes) in files().iter().filter(|(name, _)| !name.contains("GBK")) {
        let text = std::str::from_utf8(bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(!text.contains('\r') && text.ends_with('\n'), "{name}");
    }
    let rows = [
        ("customers.csv", 2_040),
        ("products.csv", 28),
        ("staff.csv", 14),
        ("orders.csv", 13_600),
        ("payments.csv", 8_900),
        ("contracts.csv", 74),
        ("interactions.csv", 13_200),
        ("events.csv", 38_000),
        ("deals.csv", 430),
        ("stages.csv", 1_560),
        ("tickets.csv", 186),
        ("campaigns.csv", 14),
        ("responses.csv", 15_800),
        ("spend.csv", 4_500),
        ("ledger.csv", 3_100),
    ];
    for (name, expected) in rows {
        assert_eq!(story::Sheet::of(&files()[name]).rows.len(), expected, "{name}");
    }
}
