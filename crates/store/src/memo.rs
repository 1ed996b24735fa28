//! What the writer remembers of rows that it wrote or opened itself: cases as values, subject keys
//! unwrapped. It saves reading and parsing them again for the next act on the same case.
//!
//! It holds only what the database holds, as far as the running transaction has come: it is
//! emptied whenever changes are taken back, and when another program wrote to the file.

use crate::bounds;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

type Place = (TypeId, Uuid);
type Values = HashMap<Place, Arc<dyn Any + Send + Sync>>;

/// Values by type and id, the latest used `bounds::MEMO_MAX` at least.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    young: Values,
    /// Those that were not asked for since `young` was full the last time.
    old: Values,
}

impl Memo {
    /// The value of an id, if it is remembered.
    pub(crate) fn get<T: Any + Send + Sync>(&mut self, id: Uuid) -> Option<Arc<T>> {
        let place = (TypeId::of::<T>(), id);
        if let Some(found) = self.young.get(&place) {
            return Arc::clone(found).downcast().ok();
        }
        let found = self.old.remove(&place)?;
        self.put(place, Arc::clone(&found));
        found.downcast().ok()
    }

    /// Gives the value of an id away and forgets it: for who changes it and keeps it again.
    pub(crate) fn take<T: Any + Send + Sync + Clone>(&mut self, id: Uuid) -> Option<T> {
        let place = (TypeId::of::<T>(), id);
        let found = self.young.remove(&place).or_else(|| self.old.remove(&place))?;
        let found: Arc<T> = found.downcast().ok()?;
        Some(Arc::unwrap_or_clone(found))
    }

    /// Remembers the value of an id in the place of an older one.
    pub(crate) fn keep<T: Any + Send + Sync>(&mut self, id: Uuid, value: T) {
        let place = (TypeId::of::<T>(), id);
        self.old.remove(&place);
        self.put(place, Arc::new(value));
    }

    /// Forgets the value of an id.
    pub(crate) fn forget<T: Any>(&mut self, id: Uuid) {
        let place = (TypeId::of::<T>(), id);
        self.young.remove(&place);
        self.old.remove(&place);
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }

    fn put(&mut self, place: Place, value: Arc<dyn Any + Send + Sync>) {
        if self.young.len() >= bounds::MEMO_MAX {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(place, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_used_stay_and_types_do_not_mix() {
        let mut memo = Memo::default();
        let id = |n: usize| Uuid::from_u128(n as u128);
        for n in 0..bounds::MEMO_MAX * 3 {
            memo.keep(id(n), n);
            assert_eq!(memo.get::<usize>(id(0)).as_deref(), Some(&0), "used at every step");
        }
        assert_eq!(memo.get::<usize>(id(1)), None, "not used since");
        assert_eq!(memo.get::<String>(id(0)), None);
        assert!(memo.young.len() + memo.old.len() <= bounds::MEMO_MAX * 2);
        memo.keep(id(0), 7_usize);
        assert_eq!(memo.get::<usize>(id(0)).as_deref(), Some(&7));
        assert_eq!(memo.take::<usize>(id(0)), Some(7));
        assert_eq!(memo.take::<usize>(id(0)), None, "given away");
        memo.keep(id(0), 8_usize);
        memo.forget::<usize>(id(0));
        assert_eq!(memo.get::<usize>(id(0)), None);
    }
}
