//! Clients that are killed, owners that leave, do not answer or have died.

use super::owner::{CUSTOMERS, Owner, options, text, wait_for};
use guanxi::cli::listen;
use guanxi::journal::{Holder, Lock};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The lock of a book nobody else has open, held under another name.
fn hold(dir: &Path, socket: &Path) -> Lock {
    let holder = Holder {
        pid: 4_194_000,
        host: "far-desk".into(),
        since: "2026-11-20 09:12".into(),
        socket: socket.display().to_string(),
        ..Holder::default()
    };
    Lock::take(&dir.join("LOCK"), &holder).unwrap()
}

#[test]
fn a_client_killed_in_the_middle_of_an_import_leaves_nothing_imported() {
    let owner = Owner::new();
    let mut client = owner.begin(&["import", "customers", "-"]);
    owner.working(1);
    // More than pipe and socket hold: once it is written, the owner has begun to read.
    let rows: String = (0..40_000).map(|n| format!("N{n},客户 {n}\n")).collect();
    client.stdin.as_mut().unwrap().write_all(format!("number,name\n{rows}").as_bytes()).unwrap();
    client.kill().unwrap();
    client.wait().unwrap();
    owner.working(0);
    assert_eq!(owner.customers(), 0);
    assert_eq!(text(&owner.run(&["history", "--json"]).stdout).trim(), "[]");
    assert_eq!(std::fs::read_dir(owner.dir.join("staging")).map_or(0, |d| d.count()), 0);
    assert!(owner.feed(&["import", "customers", "-"], CUSTOMERS).status.success());
}

#[test]
fn an_owner_that_does_not_answer_is_named_within_two_seconds() {
    let mut owner = Owner::with_customers();
    owner.leave();
    let path = owner.dir.join("socket");
    let _silent = UnixListener::bind(&path).unwrap();
    for socket in [path.as_path(), Path::new("")] {
        let lock = hold(&owner.dir, socket);
        let began = Instant::now();
        let told = owner.run(&["find", "C1"]);
        assert_eq!(told.status.code(), Some(5), "{told:?}");
        let said = text(&told.stderr);
        assert!(said.contains("4194000") && said.contains("far-desk") && said.contains("2026-11-20 09:12"), "{said}");
        assert!(began.elapsed() > Duration::from_millis(1500) && began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
        drop(lock);
    }
}

#[test]
fn a_client_that_knocks_while_the_owner_leaves_opens_the_book_itself() {
    let mut owner = Owner::with_customers();
    owner.leave();
    let path = owner.dir.join("socket");
    let door = UnixListener::bind(&path).unwrap();
    let lock = hold(&owner.dir, &path);
    let client = owner.begin(&["find", "C1"]);
    let knock = door.accept().unwrap();
    drop(lock);
    drop((knock, door));
    let told = client.wait_with_output().unwrap();
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    assert!(text(&told.stdout).contains("许清越"));
}

#[test]
fn an_owner_that_leaves_finishes_what_is_under_way() {
    let mut owner = Owner::new();
    let mut client = owner.begin(&["import", "customers", "-"]);
    owner.working(1);
    client.stdin.take().unwrap().write_all(CUSTOMERS.as_bytes()).unwrap();
    owner.leave();
    let told = client.wait_with_output().unwrap();
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    assert!(!owner.dir.join("socket").exists());
    assert_eq!(owner.run(&["find", "C3"]).status.code(), Some(0));
}

#[test]
fn an_owner_that_leaves_does_not_wait_for_ever_for_a_client_that_gives_nothing() {
    let mut owner = Owner::new();
    let mut client = owner.begin(&["import", "customers", "-"]);
    owner.working(1);
    owner.leave();
    // It sleeps in the read of its own input: what it sees there next wakes it.
    drop(client.stdin.take());
    let told = client.wait_with_output().unwrap();
    assert_eq!(told.status.code(), Some(1), "{told:?}");
    assert!(text(&told.stderr).contains("left before"), "{told:?}");
    assert_eq!(text(&owner.run(&["history", "--json"]).stdout).trim(), "[]");
}

#[test]
fn the_socket_is_for_its_owner_alone_and_what_a_dead_owner_left_is_swept_by_the_next() {
    let mut owner = Owner::new();
    let socket = owner.dir.join("socket");
    assert_eq!(owner.listener().path(), socket);
    assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    owner.leave();
    assert!(!socket.exists());
    drop(UnixListener::bind(&socket).unwrap());
    assert!(socket.exists());
    let desk = guanxi::ops::open::open(options(&owner.dir, Path::new("")), Arc::new(|_| {})).unwrap();
    assert!(!socket.exists());
    desk.ready().unwrap();
}

#[test]
fn a_book_whose_path_is_too_long_for_a_socket_is_served_at_a_short_address() {
    let mut owner = Owner::within(&"deep/".repeat(30));
    let short = owner.listener().path().to_path_buf();
    assert!(!short.starts_with(&owner.dir) && short.exists());
    assert!(owner.feed(&["import", "customers", "-"], CUSTOMERS).status.success());
    assert_eq!(owner.customers(), 3);
    owner.leave();
    assert!(!short.parent().unwrap().exists());
    // What an owner that died left behind there goes with the next.
    let folder = listen::address(&owner.dir).parent().unwrap().to_path_buf();
    std::fs::create_dir(&folder).unwrap();
    let left = folder.join("socket");
    drop((UnixListener::bind(&left).unwrap(), hold(&owner.dir, &left)));
    assert_eq!(owner.run(&["find", "C1"]).status.code(), Some(0));
    assert!(!folder.exists());
}

#[test]
fn a_command_that_takes_long_serves_others_meanwhile() {
    let mut owner = Owner::with_customers();
    owner.leave();
    let mut long = owner.begin(&["import", "customers", "-"]);
    wait_for("the socket of the import", || owner.dir.join("socket").exists());
    let told = owner.run(&["find", "C2"]);
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    assert!(owner.feed(&["import", "customers", "-"], "number,name\nC8,凌霄\n").status.success());
    long.stdin.take().unwrap().write_all("number,name\nC9,江临\n".as_bytes()).unwrap();
    assert!(long.wait().unwrap().success());
    assert!(text(&owner.run(&["export", "customers"]).stdout).lines().count() == 6);
}

#[test]
fn the_workbench_serves_others_and_its_death_leaves_the_book_usable() {
    let mut owner = Owner::with_customers();
    owner.leave();
    let pty = portable_pty::native_pty_system();
    let pair = pty.openpty(portable_pty::PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = portable_pty::CommandBuilder::new(env!("CARGO_BIN_EXE_guanxi"));
    command.env("GUANXI_DATA", &owner.dir);
    command.env("TERM", "xterm-256color");
    let mut workbench = pair.slave.spawn_command(command).unwrap();
    let mut screen = pair.master.try_clone_reader().unwrap();
    let drained = std::thread::spawn(move || {
        let mut seen = [0u8; 4096];
        while screen.read(&mut seen).is_ok_and(|n| n > 0) {}
    });
    wait_for("the socket of the workbench", || owner.dir.join("socket").exists());
    let told = owner.run(&["log", "C1", "--note", "from a script"]);
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    workbench.kill().unwrap();
    workbench.wait().unwrap();
    drop(pair);
    drained.join().unwrap();
    assert!(text(&owner.run(&["show", "C1"]).stdout).contains("from a script"));
}
