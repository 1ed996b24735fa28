//! The code on an identity card, as a scanner types it into the field of the number.

use kernel::calendar::Date;

/// What the code of a card says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Card {
    /// The twelve digits.
    pub(super) number: String,
    /// Name in full.
    pub(super) name: String,
    /// Date of birth.
    pub(super) born: Option<Date>,
    /// Permanent address.
    pub(super) address: String,
}

/// Reads the two-dimensional code of a citizen's card: seven fields between bars, number, number
/// of the old card, name, date of birth as eight digits, sex, address, date of issue. As printed on
/// cards since 2021; no public specification was found, so fewer fields are taken as well.
pub(super) fn read(text: &str) -> Option<Card> {
    let mut parts = text.trim().split('|').map(str::trim);
    let number = parts.next().filter(|n| n.len() == 12 && n.chars().all(|c| c.is_ascii_digit()))?;
    let _old = parts.next()?;
    let name = parts.next().filter(|name| !name.is_empty())?;
    let born = parts.next().and_then(date);
    let _sex = parts.next();
    let address = parts.next().unwrap_or_default();
    Some(Card {
        number: number.to_owned(),
        name: name.to_owned(),
        born,
        address: address.to_owned(),
    })
}

fn date(text: &str) -> Option<Date> {
    let digits = (text.len() == 8 && text.chars().all(|c| c.is_ascii_digit())).then_some(text)?;
    let (day, rest) = digits.split_at(2);
    let (month, year) = rest.split_at(2);
    Date::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_read_and_anything_else_is_a_number() {
        let text = "091184002716|370912345|Danh Thị Mỹ Hương|05021984|Nữ|Phường An Hòa, \
                    Rạch Giá, Kiên Giang|12052021";
        let card = read(text).unwrap();
        assert_eq!(card.number, "091184002716");
        assert_eq!(card.name, "Danh Thị Mỹ Hương");
        assert_eq!(card.born, Date::from_ymd_opt(1984, 2, 5));
        assert_eq!(card.address, "Phường An Hòa, Rạch Giá, Kiên Giang");
        assert_eq!(read("091184002716||Danh Mỹ|31021984").unwrap().born, None, "no such day");
        for other in ["", "091184002716", "091184002716|", "0911|x|y", "09118400271x|a|b", "|||"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
