//! The name that somebody may have meant.

/// The name nearest to `word`, if it is near enough to be a slip.
#[must_use]
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(64).collect();
    let near = names.into_iter().map(|name| (distance(&word, name), name)).min_by_key(|(distance, _)| *distance);
    near.filter(|(distance, name)| *distance <= name.len() / 3).map(|(_, name)| name)
}

/// Levenshtein's distance.
fn distance(word: &[char], name: &str) -> usize {
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (line, letter) in name.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (at, other) in word.iter().enumerate() {
            let replaced = diagonal + usize::from(*other != letter);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[word.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_the_name_and_another_word_finds_none() {
        let names = ["push-without-login", "mutable-tag"];
        assert_eq!(nearest("push-without-logn", names), Some("push-without-login"));
        assert_eq!(nearest("mutabel-tag", names), Some("mutable-tag"));
        assert_eq!(nearest("entirely-else", names), None);
    }
}
