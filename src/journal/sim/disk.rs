//! What the simulated disk holds, what of it is safe, and what a power cut leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const SECTOR: usize = 512;

/// Gives a number below the bound, which is at least 1: a seeded generator, or the digits of a count for every combination.
pub type Choice<'a> = &'a mut dyn FnMut(u64) -> u64;

#[derive(Debug, Clone)]
pub(super) enum Change {
    Create(PathBuf),
    Write(usize, u64, Vec<u8>),
    SetLen(usize, u64),
    Sync(usize),
    SyncDir(PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    MakeDir(PathBuf),
}

#[derive(Debug, Default, Clone)]
pub(super) struct Disk {
    pub(super) nodes: Vec<Node>,
    pub(super) names: BTreeMap<PathBuf, usize>,
    pub(super) safe_names: BTreeMap<PathBuf, usize>,
    pub(super) dirs: BTreeSet<PathBuf>,
    pub(super) safe_dirs: BTreeSet<PathBuf>,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Node {
    pub(super) data: Vec<u8>,
    pub(super) safe: Vec<u8>,
    /// What each sector not yet safe has held since the last sync.
    pub(super) dirty: BTreeMap<usize, Vec<Vec<u8>>>,
}

impl Node {
    fn write(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset + bytes.len();
        if self.data.len() < end {
            self.data.resize(end, 0);
        }
        self.data[offset..end].copy_from_slice(bytes);
        for sector in offset / SECTOR..end.div_ceil(SECTOR) {
            let held = self.data[sector * SECTOR..self.data.len().min((sector + 1) * SECTOR)].to_vec();
            self.dirty.entry(sector).or_default().push(held);
        }
    }

    fn sync(&mut self) {
        if !self.dirty.is_empty() || self.safe.len() != self.data.len() {
            self.safe.resize(self.data.len(), 0);
            for sector in std::mem::take(&mut self.dirty).into_keys() {
                let (from, to) = (sector * SECTOR, self.data.len().min((sector + 1) * SECTOR));
                if from < to {
                    self.safe[from..to].copy_from_slice(&self.data[from..to]);
                }
            }
        }
    }

    fn cut(&self, choice: Choice<'_>) -> Node {
        let new_len = self.safe.len() == self.data.len() || choice(2) == 1;
        let mut left = self.safe.clone();
        left.resize(if new_len { self.data.len() } else { self.safe.len() }, 0);
        for (sector, held) in &self.dirty {
            let pick = choice(2 + held.len() as u64) as usize;
            let from = sector * SECTOR;
            let to = left.len().min(from + SECTOR);
            if pick == 0 || from >= to {
                continue;
            }
            let zeros = vec![0; SECTOR];
            let bytes = if pick == 1 { &zeros } else { &held[pick - 2] };
            let n = bytes.len().min(to - from);
            left[from..from + n].copy_from_slice(&bytes[..n]);
        }
        Node { data: left.clone(), safe: left, dirty: BTreeMap::new() }
    }
}

impl Disk {
    pub(super) fn apply(&mut self, change: &Change) {
        match change {
            Change::Create(path) => {
                if let Some(node) = self.names.get(path).copied() {
                    self.nodes[node].data.clear();
                    self.nodes[node].dirty.clear();
                } else {
                    self.nodes.push(Node::default());
                    self.names.insert(path.clone(), self.nodes.len() - 1);
                }
            }
            Change::Write(node, offset, bytes) => self.nodes[*node].write(*offset as usize, bytes),
            Change::SetLen(node, len) => self.nodes[*node].data.resize(*len as usize, 0),
            Change::Sync(node) => self.nodes[*node].sync(),
            Change::SyncDir(dir) => self.sync_dir(dir),
            Change::Rename(from, to) => {
                if let Some(node) = self.names.remove(from) {
                    self.names.insert(to.clone(), node);
                }
            }
            Change::Remove(path) => {
                self.names.remove(path);
            }
            Change::MakeDir(path) => self.dirs.extend(path.ancestors().map(Path::to_path_buf)),
        }
    }

    fn sync_dir(&mut self, dir: &Path) {
        let inside = |path: &&PathBuf| path.parent() == Some(dir);
        self.safe_names.retain(|path, _| !inside(&path));
        self.safe_names.extend(self.names.iter().filter(|(path, _)| inside(path)).map(|(path, node)| (path.clone(), *node)));
        self.safe_dirs.extend(self.dirs.iter().filter(inside).cloned());
    }

    pub(super) fn cut(&self, choice: Choice<'_>) -> Disk {
        let mut dirs = self.safe_dirs.clone();
        for dir in self.dirs.difference(&self.safe_dirs) {
            let reachable = dir.parent().is_none_or(|parent| dirs.contains(parent) || parent.parent().is_none());
            if dir.parent().is_none() || (reachable && choice(2) == 1) {
                dirs.insert(dir.clone());
            }
        }
        let paths: BTreeSet<&PathBuf> = self.names.keys().chain(self.safe_names.keys()).collect();
        let mut names = BTreeMap::new();
        for path in paths {
            let (new, old) = (self.names.get(path), self.safe_names.get(path));
            let node = if new == old || choice(2) == 1 { new } else { old };
            if let Some(node) = node.filter(|_| path.parent().is_none_or(|parent| dirs.contains(parent))) {
                names.insert(path.clone(), *node);
            }
        }
        let used: BTreeSet<usize> = names.values().copied().collect();
        let cut = |(i, node): (usize, &Node)| if used.contains(&i) { node.cut(choice) } else { Node::default() };
        let nodes = self.nodes.iter().enumerate().map(cut).collect();
        Disk { nodes, safe_names: names.clone(), names, safe_dirs: dirs.clone(), dirs }
    }
}
