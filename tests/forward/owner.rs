//! An owner in this process, and the real binary as its client.

use guanxi::cli::listen::{self, Listener};
use guanxi::domain::{Day, Who, Zone};
use guanxi::ops::Desk;
use guanxi::ops::clock::FixedClock;
use guanxi::ops::entropy::Entropy;
use guanxi::ops::open::{self, Options};
use guanxi::ops::request::{Hits, Reply, Request};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub const CUSTOMERS: &str =
    "number,name,phone,city\nC1,许清越,154-0000-6812,杭州\nC2,单雨桐,154-0000-0002,成都\nC3,曾可,154-0000-0003,成都\n";

pub struct Owner {
    pub root: tempfile::TempDir,
    pub dir: PathBuf,
    pub desk: Option<Arc<Desk>>,
    pub listener: Option<Listener>,
}

pub fn options(dir: &Path, socket: &Path) -> Options {
    let clock = Arc::new(FixedClock::noon(Day::parse("2026-11-20").unwrap(), Zone::shanghai()));
    Options { entropy: Entropy::seeded(7), cache: 32 << 20, socket: socket.to_path_buf(), ..Options::real(dir, clock) }
}

impl Owner {
    pub fn new() -> Owner {
        Owner::within("book")
    }

    /// With its book in that folder of a temporary one.
    pub fn within(folder: &str) -> Owner {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join(folder);
        let socket = listen::address(&dir);
        let desk = Arc::new(open::create(options(&dir, &socket), Zone::shanghai(), "CNY", Arc::new(|_| {})).unwrap());
        desk.ready().unwrap();
        let listener = Some(listen::start(Arc::clone(&desk), &socket).unwrap());
        Owner { root, dir, desk: Some(desk), listener }
    }

    pub fn with_customers() -> Owner {
        let owner = Owner::new();
        let told = owner.feed(&["import", "customers", "-"], CUSTOMERS);
        assert_eq!(told.status.code(), Some(0), "{told:?}");
        owner
    }

    pub fn listener(&self) -> &Listener {
        self.listener.as_ref().unwrap()
    }

    pub fn desk(&self) -> &Desk {
        self.desk.as_ref().unwrap()
    }

    /// The binary with this book's folder, standing in the folder above it.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guanxi"));
        command.args(args).current_dir(self.root.path()).env("GUANXI_DATA", &self.dir).env("LC_ALL", "C").env("USER", "mei");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    pub fn feed(&self, args: &[&str], input: &str) -> Output {
        let mut child = self.begin(args);
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Started, with its standard input open.
    pub fn begin(&self, args: &[&str]) -> Child {
        self.command(args).stdin(Stdio::piped()).spawn().unwrap()
    }

    pub fn find(&self, words: &str) -> Hits {
        let request = Request::Find { words: words.into(), limit: 10 };
        let Reply::Hits(hits) = self.desk().ask(&Who::owner("tester"), request, &|| false).unwrap() else { panic!("no hits") };
        hits
    }

    pub fn customers(&self) -> u64 {
        self.desk().shared().version().customers
    }

    pub fn working(&self, count: usize) {
        wait_for("clients at work", || self.listener().working() == count);
    }

    /// Lets go of the book: the socket first, then the lock.
    pub fn leave(&mut self) {
        self.listener = None;
        self.desk = None;
    }
}

/// Waits until something is so; half a minute is for a machine at its limit.
pub fn wait_for(what: &str, so: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(30);
    while !so() {
        assert!(Instant::now() < until, "waited in vain for {what}");
        std::thread::yield_now();
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
