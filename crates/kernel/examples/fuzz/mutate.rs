//! Inputs out of samples: bytes flipped, cut, doubled, joined; words of the format put in.

/// A generator of numbers (SplitMix64); the same seed gives the same numbers.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64, number: u64) -> Self {
        let mut dice = Self(seed ^ number.wrapping_mul(0x2545_f491_4f6c_dd1d));
        dice.next();
        dice
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below a bound; 0 for a bound of 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = bound.max(1) as u64;
        usize::try_from(self.next() % bound).unwrap_or(0)
    }
}

/// Numbers that have broken many programs.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "1",
    "127",
    "128",
    "255",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "4294967295",
    "9223372036854775807",
    "18446744073709551616",
    "1e308",
    "1e-400",
    "-0",
    "1e999",
    "0.1",
    "00",
    "NaN",
];
/// Longest input, in bytes.
const INPUT_BYTES_MAX: usize = 256 * 1024;
/// Most changes of one input.
const CHANGES_MAX: usize = 6;

/// The input with a number: a sample with some changes.
pub fn input(samples: &[Vec<u8>], words: &[&str], seed: u64, number: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed, number);
    let mut bytes = samples.get(dice.below(samples.len())).cloned().unwrap_or_default();
    for _ in 0..=dice.below(CHANGES_MAX) {
        change(&mut bytes, samples, words, &mut dice);
        bytes.truncate(INPUT_BYTES_MAX);
    }
    bytes
}

/// A place and a length within it.
fn span(bytes: &[u8], most: usize, dice: &mut Dice) -> (usize, usize) {
    let from = dice.below(bytes.len() + 1);
    let length = dice.below(most.min(bytes.len() - from) + 1);
    (from, from + length)
}

fn change(bytes: &mut Vec<u8>, samples: &[Vec<u8>], words: &[&str], dice: &mut Dice) {
    match dice.below(10) {
        0 => {
            let at = dice.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        1 => {
            let (from, to) = span(bytes, 64, dice);
            bytes.drain(from..to);
        }
        2 => {
            let (from, to) = span(bytes, 400, dice);
            let again: Vec<u8> = bytes.get(from..to).unwrap_or_default().to_vec();
            let times = 1 + dice.below(if again.len() < 40 { 60 } else { 3 });
            let many: Vec<u8> = again.iter().copied().cycle().take(again.len() * times).collect();
            bytes.splice(to..to, many);
        }
        3 => {
            let other = samples.get(dice.below(samples.len())).map_or(&[][..], Vec::as_slice);
            let (from, to) = span(other, 600, dice);
            let part = other.get(from..to).unwrap_or_default().to_vec();
            let (from, to) = span(bytes, 600, dice);
            bytes.splice(from..to, part);
        }
        4 => {
            let at = dice.below(bytes.len() + 1);
            let noise: Vec<u8> =
                (0..=dice.below(6)).map(|_| dice.next().to_le_bytes()[0]).collect();
            bytes.splice(at..at, noise);
        }
        5 => number(bytes, dice),
        6 => quoted(bytes, dice),
        7 => bytes.truncate(dice.below(bytes.len() + 1)),
        _ => {
            let word = words.get(dice.below(words.len())).copied().unwrap_or_default();
            let (from, to) = span(bytes, word.len(), dice);
            let to = if dice.below(2) == 0 { from } else { to };
            bytes.splice(from..to, word.bytes());
        }
    }
}

/// Puts another number in the place of one.
fn number(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let digits: Vec<usize> =
        (0..bytes.len()).filter(|at| bytes.get(*at).is_some_and(u8::is_ascii_digit)).collect();
    let Some(at) = digits.get(dice.below(digits.len())) else { return };
    let to = (*at..bytes.len()).find(|to| !bytes.get(*to).is_some_and(u8::is_ascii_digit));
    let new = NUMBERS.get(dice.below(NUMBERS.len())).copied().unwrap_or_default();
    bytes.splice(*at..to.unwrap_or(bytes.len()), new.bytes());
}

/// Puts one quoted text in the place of another: ids that name something else stay readable.
fn quoted(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let marks: Vec<usize> =
        (0..bytes.len()).filter(|at| matches!(bytes.get(*at), Some(b'"'))).collect();
    let pair = |n: usize| Some((*marks.get(n * 2)?, *marks.get(n * 2 + 1)?));
    let (one, two) = (dice.below(marks.len() / 2), dice.below(marks.len() / 2));
    if let (Some((from, to)), Some((from_other, to_other))) = (pair(one), pair(two)) {
        let other = bytes.get(from_other..to_other).unwrap_or_default().to_vec();
        bytes.splice(from..to, other);
    }
}
