//! How text compares: NFKC, trimmed, case folded, runs of spaces made one. Used by `=`, search, references and headers.

use unicode_normalization::UnicodeNormalization;

/// The folded form of a text.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return squeeze(text.chars().map(|c| c.to_ascii_lowercase()));
    }
    squeeze(text.nfkc().flat_map(char::to_lowercase))
}

fn squeeze(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let mut space = false;
    for c in chars {
        if c.is_whitespace() {
            space = !out.is_empty();
            continue;
        }
        if space {
            out.push(' ');
            space = false;
        }
        out.push(c);
    }
    out
}

/// The nearest of `names` to `word` by edit distance over folded text without spaces and marks; `None` when nothing is
/// near (more than a third of the letters differ).
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bare = |t: &str| fold(t).chars().filter(|c| c.is_alphanumeric()).collect::<Vec<_>>();
    let wanted = bare(word);
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        let have = bare(name);
        let allowed = wanted.len().max(have.len()) / 3;
        if have.len().abs_diff(wanted.len()) > allowed {
            continue;
        }
        let d = distance(&wanted, &have);
        if d <= allowed && best.is_none_or(|(b, _)| d < b) {
            best = Some((d, name));
        }
    }
    best.map(|(_, name)| name)
}

fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_compares_after_width_case_and_spaces() {
        assert_eq!(fold("  ＧＴＸ   Pro "), "gtx pro");
        assert_eq!(fold("Zoë　BEISPIEL"), "zoë beispiel");
    }

    #[test]
    fn the_nearest_name_is_proposed_only_when_near() {
        assert_eq!(nearest("GTXPro", ["GTX Pro", "MG Special"]), Some("GTX Pro"));
        assert_eq!(nearest("zebra", ["GTX Pro", "MG Special"]), None);
    }
}
