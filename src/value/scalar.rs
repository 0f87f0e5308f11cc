//! Plain scalars as Ruby's Psych reads them: YAML 1.1 with Psych's own readings.

use super::Kind;

/// What a plain scalar means; `None`: it is text.
#[must_use]
pub(super) fn plain(text: &str) -> Option<Kind> {
    let first = *text.as_bytes().first().unwrap_or(&b'~');
    match first {
        b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'o' | b'O' | b'f' | b'F' if text.len() <= 5 => word(text),
        b'0'..=b'9' | b'-' | b'+' | b'.' => number(text).map(Kind::Number),
        _ => None,
    }
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

/// The text that Ruby's `to_s` gives for a number or a date.
fn number(text: &str) -> Option<String> {
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.,_: ".contains(&byte)) {
        return None;
    }
    special(text)
        .or_else(|| is_date(text).then(|| text.to_owned()))
        .or_else(|| sexagesimal(text))
        .or_else(|| float(text))
        .or_else(|| integer(text))
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

/// `2024-01-31`, with or without a time behind it.
fn is_date(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim_start())),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let digits = |part: &str, most: usize| {
        !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let within = |part: &str, range: std::ops::RangeInclusive<u32>| {
        digits(part, 2) && part.parse().is_ok_and(|number| range.contains(&number))
    };
    let [year, month, day] = parts.as_slice() else { return false };
    let is_time = |time: &str| {
        let clock: Vec<&str> = time.splitn(3, ':').collect();
        clock.len() == 3
            && digits(clock[0], 2)
            && digits(clock[1], 2)
            && clock[2].starts_with(|c: char| c.is_ascii_digit())
    };
    year.len() == 4 && digits(year, 4) && within(month, 1..=12) && within(day, 1..=31) && time.is_none_or(is_time)
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
    let rest = |part: &&str| matches!(part.len(), 1 | 2) && part.parse::<u8>().is_ok_and(|number| number < 60);
    if !(2..=3).contains(&parts.len()) || !first(parts[0]) || !parts[1..].iter().all(rest) {
        return None;
    }
    let scales = [3600_u64, 60, 1];
    let mut total = 0_u64;
    for (part, scale) in parts.iter().zip(scales) {
        total = total.checked_add(part.replace('_', "").parse::<u64>().ok()?.checked_mul(scale)?)?;
    }
    match fraction {
        None => Some(format!("{sign}{total}")),
        Some(rest) if rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') => {
            let rest = rest.replace('_', "");
            Some(shown_float(format!("{sign}{total}.{rest}0").parse().ok()?))
        }
        Some(_) => None,
    }
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
            Some(Kind::Null) => "null".to_owned(),
            Some(Kind::Bool(value)) => value.to_string(),
            Some(Kind::Number(text)) => text,
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
    }

    #[test]
    fn dates_keep_their_text() {
        assert!(matches!(plain("2024-01-31"), Some(Kind::Number(text)) if text == "2024-01-31"));
        assert!(plain("2024-13-31").is_none());
    }
}
