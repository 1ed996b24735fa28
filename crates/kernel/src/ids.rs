//! Identifiers: text keys of units, accounts and procedures, random ids of cases and particulars.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The key as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

key!(
    /// A unit of the administration, for example `kg.rach-gia.vinh-thanh-van`. Never reused.
    UnitId
);
key!(
    /// An officer's account. A random id, not the sign-in name.
    AccountId
);
key!(
    /// The national code of a procedure, for example `1.001193`.
    ProcedureCode
);

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

random_id!(
    /// A case: also the id of its journal stream. `UUIDv7`, made by the program.
    CaseId
);
random_id!(
    /// The person or organisation whose particulars are sealed under one key.
    SubjectId
);
random_id!(
    /// One sealed particular: a name, an address, a set of answers, a reason.
    ParticularId
);

/// Makes a `UUIDv7` from an instant and ten random bytes, so that ids sort by time and the caller
/// keeps hold of clock and chance.
#[must_use]
pub fn uuid_v7(at_ms: i64, random: [u8; 10]) -> Uuid {
    let ms = u64::try_from(at_ms).unwrap_or(0).to_be_bytes();
    let mut bytes = [0u8; 16];
    bytes[..6].copy_from_slice(&ms[2..]);
    bytes[6..].copy_from_slice(&random);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    Uuid::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v7_sorts_by_time_and_carries_version_and_variant() {
        let early = uuid_v7(1_556_158_320_000, [0xff; 10]);
        let late = uuid_v7(1_556_158_320_001, [0; 10]);
        assert!(early < late);
        assert_eq!(early.get_version_num(), 7);
        assert_eq!(early.as_bytes()[8] & 0xc0, 0x80);
    }
}
