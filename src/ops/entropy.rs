//! Where chance comes from: one generator per open book, seeded from the operating system; tests pass a seed.

use crate::journal::Salts;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::hash::{BuildHasher, Hasher, RandomState};

/// A source of salts, book ids and operation ids.
pub struct Entropy(ChaCha8Rng);

impl Entropy {
    /// Seeded from the operating system (through the standard library's random hasher keys).
    pub fn system() -> Entropy {
        let mut seed = [0u8; 32];
        for chunk in seed.chunks_mut(8) {
            let word = RandomState::new().build_hasher().finish() ^ u64::from(std::process::id());
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        Entropy(ChaCha8Rng::from_seed(*blake3::hash(&seed).as_bytes()))
    }

    /// Reproducible.
    pub fn seeded(seed: u64) -> Entropy {
        Entropy(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Sixteen random bytes.
    pub fn bytes16(&mut self) -> [u8; 16] {
        let mut bytes = [0u8; 16];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// A random number, never zero.
    pub fn id(&mut self) -> u128 {
        u128::from_le_bytes(self.bytes16()) | 1
    }
}

impl Salts for Entropy {
    fn salt(&mut self) -> [u8; 16] {
        self.bytes16()
    }
}
