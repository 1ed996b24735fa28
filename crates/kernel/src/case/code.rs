//! Case codes of the forms of 2018 and 2025, and random tracking numbers.

use super::profile::CodeFormat;
use crate::calendar::Date;
use crate::limits;

/// Why a code cannot be made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CodeFault {
    /// The day's numbers are used up.
    #[error("number {0} is above the last one of a day")]
    UsedUp(u32),
    /// The unit's organisation code does not fit the format.
    #[error("organisation code {0} does not fit: expected a letter and two digits, then groups")]
    Organisation(String),
}

/// The code of a case: organisation code of the desk, day of acceptance, number of the day.
///
/// `org_code` is written from the top (`H33.12.05`), as Decision 20/2020 does; the format of 2018
/// turns it around and pads it to `V1V2V3.Z1Z2.Y1Y2.MX1X2` (Circular 01/2018 Art. 19).
///
/// # Errors
/// Used-up numbers or an organisation code that does not fit.
pub fn case_code(
    format: CodeFormat,
    org_code: &str,
    day: Date,
    number: u32,
) -> Result<String, CodeFault> {
    if number == 0 || number > limits::CODES_A_DAY {
        return Err(CodeFault::UsedUp(number));
    }
    let groups: Vec<&str> = org_code.split('.').collect();
    let good =
        |g: &&str| !g.is_empty() && g.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let top_fits = groups
        .first()
        .is_some_and(|g| g.len() == 3 && g.starts_with(|c: char| c.is_ascii_uppercase()));
    if !top_fits || !groups.iter().all(good) || groups.len() > 4 {
        return Err(CodeFault::Organisation(org_code.to_owned()));
    }
    let organisation = match format {
        CodeFormat::Short2025 => org_code.to_owned(),
        CodeFormat::Dotted2018 => {
            let at = |i: usize, width: usize| {
                format!("{:0>width$}", groups.get(i).copied().unwrap_or_default())
            };
            format!("{}.{}.{}.{}", at(3, 3), at(2, 2), at(1, 2), groups[0])
        }
    };
    Ok(format!("{organisation}-{}-{number:04}", day.format("%y%m%d")))
}

/// The number of the desk's day in a code; `None` for the code of a child case.
#[must_use]
pub fn number_of_day(code: &str) -> Option<u32> {
    code.rsplit_once('-')?.1.parse().ok()
}

/// A tracking number from random bytes: ten characters without those that are mistaken for others,
/// in two groups, and a check character. About 47 bits: it cannot be guessed, and says nothing.
#[must_use]
pub fn tracking_number(random: [u8; 10]) -> String {
    const LETTERS: &[u8; 27] = b"23456789ABCDEFGHJKMNPQRTVXY";
    let letter = |n: usize| char::from(LETTERS[n % LETTERS.len()]);
    let mut sum = 0usize;
    let mut out = String::with_capacity(12);
    for (i, byte) in random.iter().enumerate() {
        let n = usize::from(*byte) % LETTERS.len();
        sum += n * (i + 1);
        if i == 5 {
            out.push('-');
        }
        out.push(letter(n));
    }
    out.push(letter(sum));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_forms() {
        let day = Date::from_ymd_opt(2019, 2, 13).unwrap();
        let code = |format, org, n| case_code(format, org, day, n);
        assert_eq!(code(CodeFormat::Dotted2018, "H33.12", 7).unwrap(), "000.00.12.H33-190213-0007");
        assert_eq!(
            code(CodeFormat::Dotted2018, "H33.12.05", 7).unwrap(),
            "000.05.12.H33-190213-0007"
        );
        assert_eq!(code(CodeFormat::Short2025, "H01.50.05", 975).unwrap(), "H01.50.05-190213-0975");
        assert_eq!(number_of_day("H01.50.05-190213-0975"), Some(975));
        assert_eq!(number_of_day("H01.50.05-190213-0975/2"), None, "a child has none");
        assert!(code(CodeFormat::Short2025, "H01", 10_000).is_err());
        assert!(code(CodeFormat::Short2025, "h1", 1).is_err());
    }

    #[test]
    fn tracking_numbers_have_one_shape() {
        let number = tracking_number([0, 1, 2, 3, 4, 5, 6, 7, 8, 255]);
        assert_eq!(number.len(), 12);
        assert_eq!(number.as_bytes()[5], b'-');
    }
}
