//! "Did you mean": the nearest name, with the slip of the fingers that swaps two neighbours counted as near even in short
//! words, where edit distance alone would say no.

use crate::domain::fold::nearest;

/// The nearest of `names` to what was typed, if any is near.
pub fn near<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let names: Vec<&str> = names.into_iter().collect();
    let typed: Vec<char> = word.to_lowercase().chars().collect();
    names.iter().copied().find(|name| swapped(&typed, name)).or_else(|| nearest(word, names))
}

fn swapped(typed: &[char], name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let differ: Vec<usize> = (0..typed.len().min(name.len())).filter(|i| typed.get(*i) != name.get(*i)).collect();
    match differ.as_slice() {
        [a, b] => typed.len() == name.len() && *b == a + 1 && typed.get(*a) == name.get(*b) && typed.get(*b) == name.get(*a),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_swapped_letters_are_near_even_in_a_short_word() {
        for (typed, meant) in [("lsit", Some("list")), ("entre", Some("enter")), ("entr", Some("enter")), ("xxxx", None), ("", None)] {
            assert_eq!(near(typed, ["list", "enter", "esc"]), meant, "{typed}");
        }
    }
}
