//! Names that are nearly alike: the known name that somebody may have meant.

/// The nearest of `known`: at most a third of the letters differ. Equal distances: the first.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wanted: Vec<char> = name.chars().take(200).collect();
    let most = (wanted.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in known.into_iter().take(5_000) {
        let limit = best.map_or(most + 1, |(distance, _)| distance);
        if candidate == name || candidate.len().abs_diff(name.len()) > most * 4 {
            continue;
        }
        let letters: Vec<char> = candidate.chars().take(200).collect();
        if letters.len().abs_diff(wanted.len()) >= limit {
            continue;
        }
        let distance = between(&wanted, &letters);
        if distance < limit {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

/// The number of letters to insert, delete, replace or swap with their neighbour.
#[must_use]
pub fn distance(one: &str, other: &str) -> usize {
    let letters = |text: &str| text.chars().collect::<Vec<char>>();
    between(&letters(one), &letters(other))
}

fn between(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; right.len() + 1];
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, b) in right.iter().enumerate() {
            let replaced = above[column] + usize::from(a != b);
            let mut least = replaced.min(above[column + 1] + 1).min(line[column] + 1);
            if row > 0 && column > 0 && *a == right[column - 1] && left[row - 1] == *b {
                least = least.min(before[column - 1] + 1);
            }
            line.push(least);
        }
        before = std::mem::replace(&mut above, line);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_the_name_and_another_word_does_not() {
        assert_eq!(nearest(".buidl", [".test", ".build"]), Some(".build"));
        assert_eq!(nearest(".deploy", [".test", ".build"]), None);
        assert_eq!(nearest("ci/biuld.yml", ["ci/build.yml", "ci/test.yml"]), Some("ci/build.yml"));
    }
    #[test]
    fn a_lints_slip_finds_the_lint_and_another_word_finds_none() {
        let names = ["push-without-login", "mutable-tag"];
        assert_eq!(nearest("push-without-logn", names), Some("push-without-login"));
        assert_eq!(nearest("mutabel-tag", names), Some("mutable-tag"));
        assert_eq!(nearest("entirely-else", names), None);
    }
}
