//! The README's generated tables are what the registries say. `UPDATE_DOCS=1 cargo test --test docs` writes them.
#![allow(clippy::unwrap_used)]

use guanxi::manual::{readme::REGIONS, regenerate, regions};
use std::path::Path;

#[test]
fn the_readme_has_the_tables_that_the_registries_make() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let there = regions(&readme);
    for region in REGIONS {
        assert!(there.contains(&region), "README.md needs <!-- generated:{region} --> and <!-- /generated -->");
    }
    let fresh = regenerate(&readme);
    if std::env::var_os("UPDATE_DOCS").is_some_and(|v| v == "1") {
        std::fs::write(&path, &fresh).unwrap();
        return;
    }
    assert!(fresh == readme, "README.md is stale: run UPDATE_DOCS=1 cargo test --test docs");
}
