//! One record of every kind and schema ever written, kept as bytes: what was written once is read for ever.

use super::*;
use crate::journal::file::{Begun, FileHeader};
use crate::journal::frame::{self, Chain, Head};

fn path(kind: u8) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/journal/golden/{kind:02}-1.bin"))
}

fn written(body: &Body) -> Vec<u8> {
    let head = Head { seq: 5, wall_ms: 1_795_000_000_000, staff: 3, session: 4, op_id: 1 << 100, unsynced: 2, salt: [0x5A; 16] };
    let mut bytes = Vec::new();
    frame::write(&mut bytes, &head, &body.pack().unwrap(), &Chain::default());
    bytes
}

#[test]
fn records_of_every_kind_are_written_as_they_always_were_and_read_back() {
    for body in bodies() {
        let path = path(body.kind());
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, written(&body)).unwrap();
        }
        let golden = std::fs::read(&path).unwrap();
        let (frame, _) = frame::read(&golden).unwrap();
        assert!(frame::follows(&frame, &Chain::default()));
        assert_eq!(Body::unpack(&frame.packed).unwrap(), body);
        assert_eq!(written(&body), golden, "kind {}", body.kind());
    }
}

#[test]
fn the_header_of_a_file_is_written_as_it_always_was() {
    let header = FileHeader { book: header(), number: 3, first: 900, before: [4; 16], flags: 0 };
    let (bytes, chain) = header.encode().unwrap();
    let path = path(0);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &bytes).unwrap();
    }
    let golden = std::fs::read(&path).unwrap();
    assert_eq!(bytes, golden);
    let Begun::Yes(read, its_chain) = FileHeader::decode(&golden) else { panic!("it is no header") };
    assert_eq!((read, its_chain), (header, chain));
}

#[test]
fn a_blanked_record_still_verifies() {
    let body = bodies().remove(0);
    let (mut frame, _) = frame::read(&written(&body)).unwrap();
    let length = frame.packed.bytes.len();
    frame.head.salt = [0; 16];
    frame.packed.bytes = vec![0; length];
    frame.packed.flags |= frame::ERASED;
    assert!(frame::follows(&frame, &Chain::default()));
    assert_eq!(Body::unpack(&frame.packed), Err(BodyError::Erased));
}

#[test]
fn a_kind_of_a_later_version_is_named_and_not_guessed_at() {
    let mut packed = bodies().remove(0).pack().unwrap();
    packed.kind = 200;
    assert_eq!(Body::unpack(&packed), Err(BodyError::Unknown { kind: 200, schema: 1 }));
}
