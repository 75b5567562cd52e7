//! Clients that lie, trickle, flood and say nothing: the owner goes on.

use super::owner::Owner;
use guanxi::cli::listen::{HANDSHAKE, MOST_CLIENTS};
use guanxi::cli::wire::{self, Frame, Hello, Tag};
use guanxi::text::Lang;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

fn knock(owner: &Owner) -> UnixStream {
    let stream = UnixStream::connect(owner.listener().path()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

fn hello(args: &[&str]) -> Vec<u8> {
    let args: Vec<OsString> = args.iter().map(OsString::from).collect();
    serde_json::to_vec(&Hello::new(&args, Lang::En, false, "mei\u{1b}[2J".into())).unwrap()
}

fn introduce(owner: &Owner, args: &[&str]) -> UnixStream {
    let mut stream = knock(owner);
    wire::send(&mut stream, Tag::Hello, &[&hello(args)]).unwrap();
    assert_eq!(wire::receive(&mut stream).unwrap().tag, Tag::Welcome);
    stream
}

/// Hung up: nothing comes any more. A timeout is no end.
fn ended(stream: &mut UnixStream) {
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => {}
        Err(why) => assert_eq!(why.kind(), std::io::ErrorKind::ConnectionReset, "{why}"),
    }
}

/// The frames up to the exit, and its code.
fn follow(stream: &mut UnixStream) -> (Vec<Frame>, u8) {
    let mut frames = Vec::new();
    loop {
        let frame = wire::receive(stream).unwrap();
        if frame.tag == Tag::Exit {
            return (frames, frame.body[0]);
        }
        frames.push(frame);
    }
}

fn still_serves(owner: &Owner) {
    assert_eq!(owner.run(&["find", "C1"]).status.code(), Some(0));
}

#[test]
fn garbage_and_lengths_that_lie_end_the_connection_and_nothing_else() {
    let owner = Owner::with_customers();
    let huge = [&[Tag::Hello as u8][..], &u32::MAX.to_le_bytes()].concat();
    let no_json = wire::frame(Tag::Hello, &[b"{not json"]).unwrap();
    let wrong_tag = wire::frame(Tag::Exit, &[&hello(&["find", "C1"])]).unwrap();
    let other = Hello { protocol: 99, ..serde_json::from_slice(&hello(&["find", "C1"])).unwrap() };
    let other = wire::frame(Tag::Hello, &[&serde_json::to_vec(&other).unwrap()]).unwrap();
    for bytes in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0xff; 4096], &huge, &no_json, &wrong_tag, &other] {
        let mut stream = knock(&owner);
        // The owner may have hung up before all of it is written.
        let _ = stream.write_all(bytes);
        ended(&mut stream);
    }
    drop(knock(&owner));
    still_serves(&owner);
}

#[test]
fn who_trickles_or_says_nothing_is_hung_up_in_time() {
    let owner = Owner::with_customers();
    let whole = wire::frame(Tag::Hello, &[&hello(&["find", "C1"])]).unwrap();
    let began = Instant::now();
    let (mut silent, mut slow) = (knock(&owner), knock(&owner));
    slow.write_all(&whole[..whole.len() - 1]).unwrap();
    still_serves(&owner);
    ended(&mut silent);
    ended(&mut slow);
    assert!(began.elapsed() >= HANDSHAKE - Duration::from_millis(50) && began.elapsed() < HANDSHAKE * 4, "{:?}", began.elapsed());
}

#[test]
fn more_clients_than_there_are_places_are_turned_away_and_places_come_free_again() {
    let owner = Owner::with_customers();
    let mut inside: Vec<UnixStream> = (0..MOST_CLIENTS).map(|_| introduce(&owner, &["import", "customers", "-"])).collect();
    owner.working(MOST_CLIENTS);
    ended(&mut knock(&owner));
    inside.clear();
    owner.working(0);
    still_serves(&owner);
    assert_eq!(owner.customers(), 3);
}

#[test]
fn options_and_commands_that_are_not_for_a_client_are_refused_by_the_owner_itself() {
    let owner = Owner::with_customers();
    let refused: [&[&str]; 8] = [
        &["--data", "/", "find", "C1"],
        &["find", "--data=/", "C1"],
        &["--today", "2020-01-01", "find", "C1"],
        &["--as", "x", "find", "C1"],
        &["generate", "/nowhere"],
        &["restore", "x", "--dir", "/nowhere"],
        &["verify", "/etc/hostname"],
        &[],
    ];
    for args in refused {
        let (frames, code) = follow(&mut introduce(&owner, args));
        assert_eq!(code, 2, "{args:?}");
        assert!(frames.iter().all(|f| f.tag == Tag::Err), "{args:?}");
    }
    still_serves(&owner);
}

#[test]
fn the_owner_asks_for_a_file_and_opens_none_itself() {
    let owner = Owner::with_customers();
    let secret = owner.root.path().join("secret.csv");
    std::fs::write(&secret, "number,name\nS1,秘密\n").unwrap();
    let mut stream = introduce(&owner, &["import", "customers", secret.to_str().unwrap()]);
    assert_eq!(wire::receive(&mut stream).unwrap(), Frame { tag: Tag::Read, body: secret.to_str().unwrap().into() });
    wire::send(&mut stream, Tag::Failed, &[&wire::failure(&std::io::Error::other("\u{1b}[2Jno"))]).unwrap();
    let (frames, code) = follow(&mut stream);
    assert_eq!(code, 1);
    assert!(frames.iter().all(|f| f.tag == Tag::Err && !f.body.contains(&0x1b)));
    assert_eq!(owner.customers(), 3);
}

#[test]
fn answers_nobody_asked_for_end_the_command_and_import_nothing() {
    let owner = Owner::with_customers();
    for (tag, body) in [(Tag::Welcome, &b""[..]), (Tag::Opened, b"short"), (Tag::Done, b"")] {
        let mut stream = introduce(&owner, &["import", "customers", "-"]);
        assert_eq!(wire::receive(&mut stream).unwrap().tag, Tag::Input);
        wire::send(&mut stream, tag, &[body]).unwrap();
        assert_eq!(follow(&mut stream).1, 1, "{tag:?}");
    }
    let mut flood = introduce(&owner, &["import", "customers", "-"]);
    flood.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
    let chunk = wire::frame(Tag::Content, &[&[b'x'; 1000]]).unwrap();
    for _ in 0..2000 {
        if flood.write_all(&chunk).is_err() {
            break;
        }
    }
    drop(flood);
    owner.working(0);
    assert_eq!(owner.customers(), 3);
    still_serves(&owner);
}

#[test]
fn a_client_that_takes_nothing_stops_nobody_else() {
    let owner = Owner::new();
    let rows: String = (0..20_000).map(|n| format!("C{n},客户 {n},{}\n", "x".repeat(100))).collect();
    assert!(owner.feed(&["import", "customers", "-"], &format!("number,name,note\n{rows}")).status.success());
    let deaf = introduce(&owner, &["export", "customers"]);
    owner.working(1);
    assert_eq!(owner.run(&["log", "C1", "--note", "meanwhile"]).status.code(), Some(0));
    drop(deaf);
    owner.working(0);
}
