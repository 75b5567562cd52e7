//! Reproducible draws: a ChaCha stream per customer and purpose, and whole-number arithmetic only, so that one seed gives
//! the same business on every machine.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of draws.
pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream of that purpose for that index.
    pub(super) fn new(seed: u64, purpose: u64, index: u64) -> Draw {
        let mut key = [0u8; 32];
        for (place, word) in key.chunks_exact_mut(8).zip([seed, purpose, index, 0x6775_616e_7869]) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        Draw(ChaCha8Rng::from_seed(key))
    }

    /// 0 .. below, evenly; 0 when `below` is 0.
    pub(super) fn below(&mut self, below: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(below)) >> 32) as u32
    }

    /// 0 .. below with more small values than large ones (the smaller of two draws).
    pub(super) fn low(&mut self, below: u32) -> u32 {
        self.below(below).min(self.below(below))
    }

    /// True so many times in a hundred.
    pub(super) fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance
    }

    /// One of a list; the type's default when it is empty.
    pub(super) fn one<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let at = self.below(u32::try_from(list.len()).unwrap_or(u32::MAX));
        list.get(at as usize).copied().unwrap_or_default()
    }
}

/// How active a customer is in one respect: 0 for `idle` of a hundred, else a power law with exponent 4/3 (a fifth of the
/// customers does two thirds), cut at 512 times the least. Splitmix64 (Steele, Lea & Flood 2014) makes the draw.
pub(super) fn activity(seed: u64, respect: u64, index: u64, idle: u64) -> u64 {
    let mixed = splitmix(splitmix(seed ^ respect.wrapping_mul(0xA24B_AED4_963E_E407)) ^ index);
    if (mixed >> 32) % 100 < idle {
        return 0;
    }
    let u = (mixed & 0xFFFF_FFFF).max(1 << 20);
    let root = u.isqrt();
    (1 << 38) / (root * (root << 16).isqrt())
}

fn splitmix(x: u64) -> u64 {
    let z = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
