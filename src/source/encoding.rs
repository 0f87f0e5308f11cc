//! Bytes to text, as GitLab reads what a repository holds.

/// The first of 256 characters that stand for bytes whose meaning is not known: this and the byte's value.
/// One character for each value, so that words of other bytes are other words; private ones, because no
/// encoding gives them a meaning, and as long in UTF-8 as the [`char::REPLACEMENT_CHARACTER`] that people see.
const UNDECODED: u32 = 0xf700;

/// Whether a character stands for a byte that was not decoded, here or by what wrote the file: nobody
/// knows the value of a text that holds one.
#[must_use]
pub fn is_undecoded(char: char) -> bool {
    matches!(u32::from(char), UNDECODED..0xf800) || char == char::REPLACEMENT_CHARACTER
}

fn undecoded(byte: u8) -> char {
    char::from_u32(UNDECODED + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The text of a file. GitLab takes it for UTF-8; what is not, it guesses an encoding for (a byte order
/// mark is sure), and where it finds none it drops the bytes: the text is always valid afterwards
/// (`Gitlab::Git::Blob#data`, `encode!` in `lib/gitlab/encoding_helper.rb`, `charlock_holmes`). What it
/// would guess is not guessed here: each byte that is not UTF-8 becomes a character of its own
/// ([`is_undecoded`]).
#[must_use]
pub fn decode(bytes: Vec<u8>) -> String {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error.into_bytes(),
    };
    match *bytes.as_slice() {
        [0xff, 0xfe, ref rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, ref rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => each_byte(&bytes),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// One character for each byte, because most encodings of one byte have it so: columns stay right.
fn each_byte(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().copied().map(undecoded));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{decode, is_undecoded};

    #[test]
    fn valid_text_stays_as_it_is() {
        assert_eq!(decode("\u{feff}a: é\0".as_bytes().to_vec()), "\u{feff}a: é\0");
    }

    #[test]
    fn each_byte_that_is_not_utf8_is_one_unknown_character() {
        let text = decode(b"# \xd1\xe1\nb: caf\xc3\xa9\xe9".to_vec());
        assert_eq!(text, "# \u{f7d1}\u{f7e1}\nb: café\u{f7e9}");
        assert_eq!(text.chars().filter(|char| is_undecoded(*char)).count(), 3);
    }

    #[test]
    fn a_byte_order_mark_says_what_it_is() {
        assert_eq!(decode(b"\xff\xfea\0:\0\x3d\xd8\x00\xde".to_vec()), "a:😀");
        assert_eq!(decode(b"\xfe\xff\0a\0:\xd8\x3d\0x\0".to_vec()), "a:\u{fffd}x");
    }
}
