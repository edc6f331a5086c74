//! Amounts of GLN: whole numbers of 10^-12 GLN on the chain, decimals for people.

use crate::Error;

pub use galen_primitives::money::{Balance, DECIMALS, GLN, MAX_STAKE};

/// Reads a decimal amount of GLN, such as `100000` or `0.25`: digits, and at most twelve of them after a point.
pub fn parse(text: &str) -> Result<Balance, Error> {
    let refuse = |why: &str| Error::Input(format!("`{text}` is not an amount of GLN: {why}"));
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    if whole.is_empty() || part.is_empty() || !(whole.bytes().chain(part.bytes())).all(|b| b.is_ascii_digit())
    {
        return Err(refuse("digits with at most one decimal point are needed, such as 100000 or 0.25"));
    }
    if part.len() > DECIMALS {
        return Err(refuse("GLN has 12 decimals"));
    }
    let too_large = || refuse("it is too large");
    let whole: Balance = whole.parse().map_err(|_| too_large())?;
    let part: Balance = format!("{part:0<DECIMALS$}").parse().map_err(|_| too_large())?;
    whole.checked_mul(GLN).and_then(|units| units.checked_add(part)).ok_or_else(too_large)
}

/// Writes an amount in GLN, without the zeros at the end of its decimals.
pub fn show(amount: Balance) -> String {
    let (whole, part) = (amount / GLN, amount % GLN);
    if part == 0 {
        return format!("{whole} GLN");
    }
    format!("{whole}.{} GLN", format!("{part:012}").trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_and_write() {
        for (text, units, shown) in [
            ("0", 0, "0 GLN"),
            ("1", GLN, "1 GLN"),
            ("100000", 100_000 * GLN, "100000 GLN"),
            ("0.25", GLN / 4, "0.25 GLN"),
            ("007.000000000001", 7 * GLN + 1, "7.000000000001 GLN"),
            ("18446744.073709551616", 18_446_744_073_709_551_616, "18446744.073709551616 GLN"),
        ] {
            assert_eq!(parse(text).unwrap(), units);
            assert_eq!(show(units), shown);
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "0x10", "1.0000000000001", " 1", "1 GLN"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("999999999999999999999999999999").unwrap_err().to_string().contains("too large"));
    }
}
