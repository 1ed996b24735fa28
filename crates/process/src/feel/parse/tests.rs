//! Unary tests: cells of decision tables and the right side of `in`.

use super::{Parser, Read};
use crate::feel::ast::{Test, Tests};

impl Parser<'_> {
    /// A cell: `-`, `not(…)` or tests with commas.
    pub(super) fn cell(&mut self) -> Read<Tests> {
        if self.sign("-")? {
            if self.peek()?.is_none() {
                return Ok(Tests::default());
            }
            // A negative number.
            self.at -= 1;
        }
        let negated = self.attempt(|parser| {
            parser.need_word("not")?;
            parser.need("(")?;
            let list = parser.enclosed(Self::test_list)?;
            parser.need(")")?;
            parser.end()?;
            Ok(Tests { negated: true, list })
        });
        match negated {
            Some(tests) => Ok(tests),
            None => Ok(Tests { negated: false, list: self.test_list()? }),
        }
    }

    fn test_list(&mut self) -> Read<Vec<Test>> {
        let mut list = vec![self.test()?];
        while self.sign(",")? {
            list.push(self.test()?);
        }
        Ok(list)
    }

    fn test(&mut self) -> Read<Test> {
        Ok(match self.compare_sign()? {
            Some(op) => Test::Compare(op, self.deeper(Self::sum)?),
            None => Test::Value(self.expr()?),
        })
    }

    /// What follows `in`: one test, or several in brackets.
    pub(super) fn in_tests(&mut self) -> Read<Tests> {
        if let Some(op) = self.compare_sign()? {
            let list = vec![Test::Compare(op, self.sum()?)];
            return Ok(Tests { negated: false, list });
        }
        let at = self.at()?;
        if !self.sign("(")? {
            let list = vec![Test::Value(self.sum()?)];
            return Ok(Tests { negated: false, list });
        }
        let mut list = vec![self.enclosed(Self::test)?];
        if self.sign("..")? {
            if let Some(Test::Value(low)) = list.pop() {
                list.push(Test::Value(self.range(at, low, false)?));
                return Ok(Tests { negated: false, list });
            }
            return self.wanted("a comma");
        }
        while self.sign(",")? {
            list.push(self.enclosed(Self::test)?);
        }
        self.need(")")?;
        Ok(Tests { negated: false, list })
    }
}
