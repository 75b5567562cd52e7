//! The workbench driven by key strings on invented people: journeys within their budgets, late answers, tiny terminals,
//! and pictures of the screens.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "workbench/answers.rs"]
mod answers;
#[path = "workbench/chance.rs"]
mod chance;
#[path = "workbench/desk.rs"]
mod desk;
#[path = "workbench/journeys.rs"]
mod journeys;
#[path = "workbench/layers.rs"]
mod layers;
#[path = "workbench/mends.rs"]
mod mends;
#[path = "workbench/people.rs"]
mod people;
#[path = "workbench/pictures.rs"]
mod pictures;
#[path = "workbench/scenario.rs"]
mod scenario;
#[path = "workbench/sizes.rs"]
mod sizes;
