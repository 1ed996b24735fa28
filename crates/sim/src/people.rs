//! Invented citizens, put together from lists of names.

use kernel::calendar::Date;
use kernel::people::{Born, Party, PartyKind};
use rand::Rng;

/// Offices whose name goes before the name of their place.
const OFFICES: [&str; 3] = ["Ủy ban nhân dân ", "Bộ phận Tiếp nhận và Trả kết quả ", "UBND "];

/// Lists of names with weights.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Family names.
    pub family: Vec<(String, u32)>,
    /// Middle names of men.
    pub middle_m: Vec<(String, u32)>,
    /// Middle names of women.
    pub middle_f: Vec<(String, u32)>,
    /// Given names of men.
    pub given_m: Vec<(String, u32)>,
    /// Given names of women.
    pub given_f: Vec<(String, u32)>,
}

fn pick(list: &[(String, u32)], rng: &mut impl Rng) -> String {
    let total: u32 = list.iter().map(|(_, w)| w).sum();
    let mut at = rng.random_range(0..total.max(1));
    for (text, weight) in list {
        if at < *weight {
            return text.clone();
        }
        at -= weight;
    }
    list.first().map(|(text, _)| text.clone()).unwrap_or_else(|| "Danh".to_owned())
}

impl Names {
    /// A name; one in forty people has one word alone.
    pub fn name(&self, rng: &mut impl Rng) -> String {
        let woman = rng.random_bool(0.5);
        let given = pick(if woman { &self.given_f } else { &self.given_m }, rng);
        if rng.random_ratio(1, 40) {
            return given;
        }
        let middle = pick(if woman { &self.middle_f } else { &self.middle_m }, rng);
        format!("{} {middle} {given}", pick(&self.family, rng))
    }

    /// A citizen: some without a phone, some whose papers tell the birth year alone.
    pub fn citizen(&self, today: Date, place: &str, rng: &mut impl Rng) -> Party {
        use chrono::Datelike;
        let year = today.year() - rng.random_range(18..80);
        let born = if rng.random_ratio(1, 6) {
            Born::Year(year)
        } else {
            Date::from_yo_opt(year, rng.random_range(1..=365)).map_or(Born::Year(year), Born::On)
        };
        let number = if rng.random_ratio(2, 3) {
            format!("091{:09}", rng.random_range(0..1_000_000_000u64))
        } else {
            format!("37{:07}", rng.random_range(0..10_000_000u64))
        };
        let phone =
            rng.random_bool(0.85).then(|| format!("09{:08}", rng.random_range(0..100_000_000u64)));
        Party {
            kind: PartyKind::Person,
            name: self.name(rng),
            number: Some(number),
            born: Some(born),
            phone,
            email: None,
            address: Some(address(year, place)),
        }
    }
}

/// An invented address within what a unit stands for: a house and a group of houses, which follow
/// from the year of birth so that they cost no draw, then the place without its office.
fn address(year: i32, unit: &str) -> String {
    let place = OFFICES.iter().find_map(|office| unit.strip_prefix(office)).unwrap_or(unit);
    let (house, group) = (year % 97 + 1, year % 12 + 1);
    format!("Số {house}, tổ {group}, {place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_live_in_places_and_not_in_offices() {
        let at = "Ủy ban nhân dân phường Vĩnh Thanh Vân";
        assert_eq!(address(1960, at), "Số 21, tổ 5, phường Vĩnh Thanh Vân");
        assert_eq!(address(1960, "Kiên Giang"), "Số 21, tổ 5, Kiên Giang");
    }
}
