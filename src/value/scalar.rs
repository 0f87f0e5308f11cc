//! Plain scalars as Ruby's Psych reads them: YAML 1.1 with Psych's own readings.

use super::Kind;

/// What a plain scalar means.
#[derive(Debug)]
pub(super) enum Plain {
    /// It is text.
    Text,
    /// It is this.
    Typed(Kind),
    /// It is of a class that GitLab does not let Psych load (`lib/gitlab/config/loader/yaml.rb`).
    Refused(&'static str),
}

/// What a plain scalar means.
#[must_use]
pub(super) fn plain(text: &str) -> Plain {
    let first = *text.as_bytes().first().unwrap_or(&b'~');
    let kind = match first {
        b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'o' | b'O' | b'f' | b'F' if text.len() <= 5 => word(text),
        b':' => symbol(text),
        b'0'..=b'9' | b'-' | b'+' | b'.' => match refused(text) {
            Some(class) => return Plain::Refused(class),
            None => number(text).map(Kind::Number),
        },
        _ => None,
    };
    kind.map_or(Plain::Text, Plain::Typed)
}

/// `:latest` is a symbol for Ruby, and no string: `to_s` gives it without the colon.
fn symbol(text: &str) -> Option<Kind> {
    let name = text.strip_prefix(':').filter(|name| !name.is_empty())?;
    let unquoted = |quote: char| name.strip_prefix(quote)?.strip_suffix(quote);
    let inner = unquoted('"').or_else(|| unquoted('\'')).unwrap_or(name);
    Some(Kind::Number(inner.to_owned()))
}

fn word(text: &str) -> Option<Kind> {
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if text.is_empty() || text == "~" || is(&["null"]) {
        return Some(Kind::Null);
    }
    if is(&["yes", "true", "on"]) {
        return Some(Kind::Bool(true));
    }
    is(&["no", "false", "off"]).then_some(Kind::Bool(false))
}

/// The text that Ruby's `to_s` gives for a number.
fn number(text: &str) -> Option<String> {
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.,_: ".contains(&byte)) {
        return None;
    }
    special(text).or_else(|| sexagesimal(text)).or_else(|| float(text)).or_else(|| integer(text))
}

fn special(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let shown = match lower.as_str() {
        ".inf" | "+.inf" => "Infinity",
        "-.inf" => "-Infinity",
        ".nan" => "NaN",
        _ => return None,
    };
    Some(shown.to_owned())
}

/// Dates and times: Psych's own patterns, which do not ask whether there is such a day.
fn refused(text: &str) -> Option<&'static str> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let year = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let (month, rest) = digits(unsigned.get(year..)?.strip_prefix('-')?, 1..=2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 1..=2)?;
    if year != 4 {
        return None;
    }
    if rest.is_empty() {
        let within = |part: &str, least: u8, most: u8| part.parse().is_ok_and(|n: u8| (least..=most).contains(&n));
        let is_day = unsigned.len() == text.len() && within(month, 0, 12) && within(day, 0, 31);
        return is_day.then_some("Date");
    }
    let clock = match rest.strip_prefix(['T', 't']) {
        Some(clock) => clock,
        None => rest.strip_prefix(char::is_whitespace)?.trim_start(),
    };
    is_clock(clock).then_some("Time")
}

/// `10:00:00.5 +01:00`.
fn is_clock(text: &str) -> bool {
    let seconds = || {
        let (_, rest) = digits(text, 1..=2)?;
        let (_, rest) = digits(rest.strip_prefix(':')?, 2..=2)?;
        Some(digits(rest.strip_prefix(':')?, 2..=2)?.1)
    };
    let Some(rest) = seconds() else { return false };
    let rest = rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let zone = rest.trim_start();
    if zone.is_empty() || zone == "Z" {
        return rest.is_empty() || zone == "Z";
    }
    let minutes = |rest: &str| {
        let rest = rest.strip_prefix(':').unwrap_or(rest);
        rest.is_empty() || digits(rest, 2..=2).is_some_and(|(_, rest)| rest.is_empty())
    };
    zone.strip_prefix(['+', '-']).and_then(|zone| digits(zone, 1..=2)).is_some_and(|(_, rest)| minutes(rest))
}

/// The digits at the front, as many as may be, and what follows.
fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<(&str, &str)> {
    let found = text.bytes().take_while(u8::is_ascii_digit).count().min(*count.end());
    count.contains(&found).then(|| text.split_at(found))
}

fn sign(text: &str) -> (&str, &str) {
    match text.as_bytes().first() {
        Some(b'-') => ("-", &text[1..]),
        Some(b'+') => ("", &text[1..]),
        _ => ("", text),
    }
}

/// `1:30` is 5400 for Psych: the first part always counts as hours.
fn sexagesimal(text: &str) -> Option<String> {
    let (sign, digits) = sign(text);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let parts: Vec<&str> = whole.split(':').collect();
    let first = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_digit()) && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    let rest = |part: &&str| {
        let number = part.parse::<u8>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
        matches!(part.len(), 1 | 2) && number.is_some_and(|number| number < 60)
    };
    if !(2..=3).contains(&parts.len()) || !first(parts[0]) || !parts[1..].iter().all(rest) {
        return None;
    }
    // Ruby adds up the parts as they stand: the sign is the first one's alone, a fraction the last one's.
    let scales = [3600_i64, 60, 1];
    let mut total = 0_i64;
    for (part, scale) in parts.iter().zip(scales) {
        total = total.checked_add(part.replace('_', "").parse::<i64>().ok()?.checked_mul(scale)?)?;
        if scale == 3600 && sign == "-" {
            total = -total;
        }
    }
    let Some(fraction) = fraction else { return Some(total.to_string()) };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
        return None;
    }
    let part: f64 = format!("0.{}0", fraction.split('_').next().unwrap_or_default()).parse().ok()?;
    #[allow(clippy::cast_precision_loss, reason = "Ruby counts in floats too")]
    let whole = total as f64;
    Some(shown_float(whole + part * if parts.len() == 2 { 60.0 } else { 1.0 }))
}

fn float(text: &str) -> Option<String> {
    let (_, digits) = sign(text);
    let (whole, rest) = digits.split_once('.')?;
    let (fraction, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole_fits = whole.is_empty()
        || whole.as_bytes()[0].is_ascii_digit()
            && whole.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b','));
    let exponent_fits = exponent
        .is_none_or(|text| text.strip_prefix(['+', '-']).is_some_and(|digits| !digits.is_empty() && numeric(digits)));
    if !whole_fits || !numeric(fraction) || !exponent_fits || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let clean: String = text.chars().filter(|char| !matches!(char, ',' | '_')).collect();
    clean.parse().ok().map(shown_float)
}

/// A float as Ruby's `Float#to_s` writes it.
fn shown_float(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() };
    }
    let size = value.abs();
    if size == 0.0 || (1e-4..1e16).contains(&size) {
        return format!("{value:?}");
    }
    let shown = format!("{value:e}");
    let (digits, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let digits = if digits.contains('.') { digits.to_owned() } else { format!("{digits}.0") };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

fn integer(text: &str) -> Option<String> {
    let (sign, digits) = sign(text);
    let clean: String = digits.chars().filter(|char| !matches!(char, ',' | '_')).collect();
    let radix = |digits: &str, radix: u32| u128::from_str_radix(digits, radix).ok().map(|value| value.to_string());
    let shown = match clean.as_bytes() {
        _ if !digits.starts_with(|c: char| c.is_ascii_digit()) => None,
        [b'0', b'x', _, ..] => radix(&clean[2..], 16),
        [b'0', b'b', _, ..] => radix(&clean[2..], 2),
        [b'0', _, ..] => radix(&clean[1..], 8),
        [b'0'] => Some("0".to_owned()),
        [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) && separators_fit(digits) => Some(clean),
        _ => None,
    }?;
    Some(if shown == "0" { shown } else { format!("{sign}{shown}") })
}

/// In a decimal number, a digit follows each separator.
fn separators_fit(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    let separator = |byte: u8| matches!(byte, b',' | b'_');
    bytes.windows(2).all(|pair| !separator(pair[0]) || pair[1].is_ascii_digit())
        && bytes.last().is_some_and(|last| !separator(*last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match plain(text) {
            Plain::Typed(Kind::Null) => "null".to_owned(),
            Plain::Typed(Kind::Bool(value)) => value.to_string(),
            Plain::Typed(Kind::Number(text)) => text,
            Plain::Refused(class) => class.to_owned(),
            _ => format!("'{text}'"),
        }
    }

    #[test]
    fn words_of_yaml_1_1_are_booleans_and_null() {
        for text in ["yes", "YES", "true", "True", "on"] {
            assert_eq!(shown(text), "true");
        }
        for text in ["no", "false", "Off"] {
            assert_eq!(shown(text), "false");
        }
        for text in ["", "~", "null", "NULL", "Null"] {
            assert_eq!(shown(text), "null");
        }
        for text in ["y", "n", "yesterday", "nope"] {
            assert_eq!(shown(text), format!("'{text}'"));
        }
    }

    #[test]
    fn integers_lose_their_base_and_separators() {
        let cases = [
            ("012345", "5349"),
            ("0x1F", "31"),
            ("0b101", "5"),
            ("1_000", "1000"),
            ("1,000", "1000"),
            ("+5", "5"),
            ("-5", "-5"),
            ("0", "0"),
            ("08", "'08'"),
            ("1_", "'1_'"),
            ("12a", "'12a'"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn floats_lose_trailing_zeros() {
        let cases = [
            ("1.10", "1.1"),
            ("1.0", "1.0"),
            ("20.04", "20.04"),
            ("1.", "1.0"),
            (".5", "0.5"),
            ("1.2.3", "'1.2.3'"),
            ("1.0e10", "'1.0e10'"),
            ("1.0e+20", "1.0e+20"),
            (".", "'.'"),
            ("-.inf", "-Infinity"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn two_parts_with_a_colon_are_sexagesimal() {
        assert_eq!(shown("1:30"), "5400");
        assert_eq!(shown("1:30:15"), "5415");
        assert_eq!(shown("12:99"), "'12:99'");
        assert_eq!(shown("2375:2375"), "'2375:2375'");
        assert_eq!(shown("08:+8"), "'08:+8'");
    }

    #[test]
    fn sexagesimal_parts_are_added_as_ruby_does() {
        for (text, expected) in [("-1:30", "-1800"), ("1:30.5", "5430.0"), ("1:2:3.25", "3723.25"), ("01:30", "5400")] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_and_times_are_refused() {
        for text in ["2024-01-31", "2024-1-3", "2024-02-30"] {
            assert_eq!(shown(text), "Date", "{text}");
        }
        for text in
            ["2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43", "2001-12-14  1:59:43 +1", "2024-01-31T10:00:00Z"]
        {
            assert_eq!(shown(text), "Time", "{text}");
        }
        for text in ["2024-13-31", "2024-01-32", "2024-01", "2024-01-31x", "2024-01-31-1", "-2024-01-31", "20240131"] {
            assert!(!matches!(plain(text), Plain::Refused(_)), "{text}");
        }
    }

    #[test]
    fn symbols_lose_their_colon() {
        for (text, expected) in [(":latest", "latest"), (":\"a b\"", "a b"), ("::1", ":1"), (":", "':'")] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
