//! Bodies of rows as JSON text: letter for letter what `serde_json` writes, with less work.
//!
//! Names of fields and variants are constants, which are copied into place here and walked through
//! there; that needs the compiler to see them, so their way is inlined always.

use serde::Serialize;
use serde::ser::{self, Serializer};

type Error = serde_json::Error;
type Done = Result<(), Error>;

/// Room that most bodies fit in.
const ROOM: usize = 128;

/// A value as JSON text, in one line.
///
/// # Errors
/// A map whose keys are no texts, or what the value itself says.
pub fn json(value: &(impl Serialize + ?Sized)) -> Result<String, Error> {
    let mut text = Text(String::with_capacity(ROOM));
    value.serialize(&mut text)?;
    Ok(text.0)
}

/// The text so far.
struct Text(String);

impl Text {
    /// What is rare is left to those who know all of it.
    #[cold]
    fn rare(&mut self, value: &(impl Serialize + ?Sized)) -> Done {
        self.0.push_str(&serde_json::to_string(value)?);
        Ok(())
    }

    #[inline(always)]
    fn quoted(&mut self, text: &str) -> Done {
        if text.bytes().fold(false, |odd, byte| odd | is_odd(byte)) {
            return self.rare(text);
        }
        self.0.push('"');
        self.0.push_str(text);
        self.0.push('"');
        Ok(())
    }

    #[inline]
    fn whole(&mut self, number: u64) {
        if number >= 10 {
            self.tens(number / 10);
        }
        self.0.push(char::from(b'0' + (number % 10).to_le_bytes()[0]));
    }

    fn tens(&mut self, number: u64) {
        self.whole(number);
    }

    /// A number or a truth value as the key of an object stands in quotation marks.
    fn key(&mut self, key: &(impl Serialize + ?Sized)) -> Done {
        let start = self.0.len();
        key.serialize(&mut *self)?;
        let bare = match self.0.get(start..).and_then(|key| key.chars().next()) {
            Some('"') => return Ok(()),
            Some('0'..='9' | '-' | 't' | 'f') => self.0.split_off(start),
            _ => return Err(ser::Error::custom("the key of an object must be a text")),
        };
        self.quoted(&bare)
    }

    #[inline]
    fn parts(&mut self, open: char, close: char) -> Parts<'_> {
        self.0.push(open);
        Parts { text: self, some: false, close, under: false }
    }

    /// The content of a variant stands under its name.
    #[inline]
    fn under(&mut self, variant: &'static str) -> Done {
        self.0.push('{');
        self.quoted(variant)?;
        self.0.push(':');
        Ok(())
    }

    #[inline]
    fn parts_under(
        &mut self,
        variant: &'static str,
        open: char,
        close: char,
    ) -> Result<Parts<'_>, Error> {
        self.under(variant)?;
        Ok(Parts { under: true, ..self.parts(open, close) })
    }
}

/// Whether a byte of a text is written in another way.
#[inline]
fn is_odd(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Parts of an array or an object, with what closes it.
struct Parts<'a> {
    text: &'a mut Text,
    some: bool,
    close: char,
    /// They are the content of a variant.
    under: bool,
}

impl Parts<'_> {
    #[inline]
    fn next(&mut self) {
        if self.some {
            self.text.0.push(',');
        }
        self.some = true;
    }

    #[inline]
    fn item(&mut self, value: &(impl Serialize + ?Sized)) -> Done {
        self.next();
        value.serialize(&mut *self.text)
    }

    #[inline(always)]
    fn field(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) -> Done {
        self.next();
        if name.bytes().any(is_odd) {
            self.text.rare(name)?;
            self.text.0.push(':');
        } else {
            self.text.0.push('"');
            self.text.0.push_str(name);
            self.text.0.push_str("\":");
        }
        value.serialize(&mut *self.text)
    }

    #[inline]
    fn done(self) -> Done {
        self.text.0.push(self.close);
        if self.under {
            self.text.0.push('}');
        }
        Ok(())
    }
}

/// Numbers that are written like the widest of their kind.
macro_rules! wider {
    ($($method:ident($kind:ty) as $widest:ident;)*) => {$(
        #[inline]
        fn $method(self, value: $kind) -> Done {
            self.$widest(value.into())
        }
    )*};
}

macro_rules! rare {
    ($($method:ident($kind:ty);)*) => {$(
        fn $method(self, value: $kind) -> Done {
            self.rare(&value)
        }
    )*};
}

/// What an array can be made of.
macro_rules! parts {
    ($($kind:path: $method:ident;)*) => {$(
        impl $kind for Parts<'_> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
                self.item(value)
            }

            #[inline]
            fn end(self) -> Done {
                self.done()
            }
        }
    )*};
}

impl<'a> Serializer for &'a mut Text {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    #[inline]
    fn serialize_bool(self, value: bool) -> Done {
        self.0.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    #[inline]
    fn serialize_u64(self, value: u64) -> Done {
        self.whole(value);
        Ok(())
    }

    #[inline]
    fn serialize_i64(self, value: i64) -> Done {
        if value < 0 {
            self.0.push('-');
        }
        self.whole(value.unsigned_abs());
        Ok(())
    }

    #[inline(always)]
    fn serialize_str(self, value: &str) -> Done {
        self.quoted(value)
    }

    #[inline]
    fn serialize_none(self) -> Done {
        self.0.push_str("null");
        Ok(())
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    #[inline]
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.quoted(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T>(self, _: &'static str, value: &T) -> Done
    where
        T: Serialize + ?Sized,
    {
        value.serialize(self)
    }

    #[inline]
    fn serialize_newtype_variant<T>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done
    where
        T: Serialize + ?Sized,
    {
        self.under(variant)?;
        value.serialize(&mut *self)?;
        self.0.push('}');
        Ok(())
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, Error> {
        Ok(self.parts('[', ']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.parts('[', ']'))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.parts('[', ']'))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Error> {
        self.parts_under(variant, '[', ']')
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, Error> {
        Ok(self.parts('{', '}'))
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.parts('{', '}'))
    }

    #[inline]
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Error> {
        self.parts_under(variant, '{', '}')
    }

    fn serialize_bytes(self, value: &[u8]) -> Done {
        self.collect_seq(value)
    }

    fn serialize_unit(self) -> Done {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_none()
    }

    wider! {
        serialize_u8(u8) as serialize_u64;
        serialize_u16(u16) as serialize_u64;
        serialize_u32(u32) as serialize_u64;
        serialize_i8(i8) as serialize_i64;
        serialize_i16(i16) as serialize_i64;
        serialize_i32(i32) as serialize_i64;
    }

    rare! {
        serialize_u128(u128);
        serialize_i128(i128);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
    }
}

parts! {
    ser::SerializeSeq: serialize_element;
    ser::SerializeTuple: serialize_element;
    ser::SerializeTupleStruct: serialize_field;
    ser::SerializeTupleVariant: serialize_field;
}

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        self.next();
        self.text.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.text.0.push(':');
        value.serialize(&mut *self.text)
    }

    fn end(self) -> Done {
        self.done()
    }
}

impl ser::SerializeStruct for Parts<'_> {
    type Ok = ();
    type Error = Error;

    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
        self.field(name, value)
    }

    #[inline]
    fn end(self) -> Done {
        self.done()
    }
}

impl ser::SerializeStructVariant for Parts<'_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
        self.field(name, value)
    }

    #[inline]
    fn end(self) -> Done {
        self.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json as value};
    use std::collections::BTreeMap;

    fn same(value: &(impl Serialize + ?Sized)) {
        assert_eq!(json(value).unwrap(), serde_json::to_string(value).unwrap());
    }

    #[derive(Serialize)]
    struct Unit;

    #[derive(Serialize)]
    struct Pair(u8, &'static str);

    #[derive(Serialize)]
    struct Wrapped(i64);

    #[derive(Serialize)]
    enum Plain {
        Unit,
        Newtype(Wrapped),
        Tuple(u8, Option<bool>),
        Struct { a: u8, b: Vec<Plain> },
        Empty {},
    }

    #[derive(Serialize)]
    #[serde(tag = "k")]
    enum Tagged {
        #[serde(rename = "nothing")]
        Unit,
        Newtype(BTreeMap<String, u8>),
        #[serde(rename = "a \"quoted\" \\ name")]
        Struct {
            #[serde(rename = "a\"b", skip_serializing_if = "Option::is_none")]
            odd: Option<u8>,
            node: process::NodeIx,
        },
    }

    #[derive(Serialize)]
    struct Flat {
        first: u8,
        #[serde(flatten)]
        rest: BTreeMap<&'static str, Value>,
    }

    #[test]
    fn every_shape_is_written_as_serde_json_writes_it() {
        same(&Unit);
        same(&());
        same(&Pair(1, "a"));
        same(&('x', "é\u{1}\u{7f}\"\\/\n", 1.5_f32, f64::NAN, 1e300, -0.0, 2.0));
        same(&[u64::MAX, 0, 9, 10, 99, 100, 12_345_678_901]);
        same(&[i64::MIN, -1, -10, i64::MAX]);
        same(&(i8::MIN, i16::MIN, i32::MIN, u8::MAX, u16::MAX, u32::MAX, i128::MIN, u128::MAX));
        same(&[Plain::Unit, Plain::Newtype(Wrapped(-3)), Plain::Tuple(1, None), Plain::Empty {}]);
        same(&Plain::Struct { a: 1, b: vec![Plain::Tuple(0, Some(true)), Plain::Unit] });
        same(&[Tagged::Unit, Tagged::Newtype(BTreeMap::from([("b".to_owned(), 1)]))]);
        same(&Tagged::Struct { odd: Some(1), node: process::NodeIx(2) });
        same(&Tagged::Struct { odd: None, node: process::NodeIx(2) });
        same(&Flat { first: 1, rest: BTreeMap::from([("a", value!({"b": [null, true]}))]) });
        let empty: [u8; 0] = [];
        same(&empty);
        same(&BTreeMap::<String, u8>::new());
    }

    #[test]
    fn keys_are_texts_and_nothing_else() {
        same(&BTreeMap::from([("\"", 1), ("", 2)]));
        same(&BTreeMap::from([(-1, 1), (2, 2)]));
        same(&BTreeMap::from([(true, 1), (false, 2)]));
        same(&BTreeMap::from([('a', 1)]));
        for wrong in [json(&BTreeMap::from([(None::<u8>, 1)])), json(&BTreeMap::from([([1], 1)]))] {
            assert!(wrong.is_err());
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_is_written_as_serde_json_writes_it(value in any_value()) {
            prop_assert_eq!(json(&value).unwrap(), serde_json::to_string(&value).unwrap());
        }
    }
}
