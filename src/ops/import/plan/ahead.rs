//! Reading ahead of the comparing.

use crate::ops::request::Refusal;
use std::sync::mpsc::sync_channel;

/// Rows handed over at a time.
const ROWS_AHEAD: usize = 512;

/// Rows read ahead on a second thread, so that reading one overlaps with comparing and packing another.
pub(super) fn ahead<T: Send>(rows: impl Iterator<Item = T> + Send, mut each: impl FnMut(T) -> Result<(), Refusal>) -> Result<(), Refusal> {
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel::<Vec<T>>(4);
        scope.spawn(move || {
            let mut held = Vec::with_capacity(ROWS_AHEAD);
            for row in rows {
                held.push(row);
                if held.len() == ROWS_AHEAD && send.send(std::mem::replace(&mut held, Vec::with_capacity(ROWS_AHEAD))).is_err() {
                    return;
                }
            }
            let _ = send.send(held);
        });
        for some in receive {
            for row in some {
                each(row)?;
            }
        }
        Ok(())
    })
}
