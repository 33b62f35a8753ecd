//! Macros that give a newtype its place in the database, in JSON and in a sentence.

/// For a newtype with `as_str`, `FromStr<Err = Said>`: a text column, a JSON string, a value in a sentence.
/// What is read back is parsed again: a row that breaks the rule is an error, not a value.
macro_rules! text_column {
    ($name:ident) => {
        impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg>>::to_sql(
                    self.as_str(),
                    out,
                )
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                let text = <String as diesel::deserialize::FromSql<
                    diesel::sql_types::Text,
                    diesel::pg::Pg,
                >>::from_sql(bytes)?;
                Ok(text.parse::<$name>()?)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        value_as_text!($name);
    };
}

/// For a newtype with `as_decimal` and `from_stored(Decimal) -> Option<Self>`: a numeric column and a JSON string.
macro_rules! decimal_column {
    ($name:ident) => {
        impl diesel::serialize::ToSql<diesel::sql_types::Numeric, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                <rust_decimal::Decimal as diesel::serialize::ToSql<
                    diesel::sql_types::Numeric,
                    diesel::pg::Pg,
                >>::to_sql(&self.0, out)
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::Numeric, diesel::pg::Pg> for $name {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                let decimal = <rust_decimal::Decimal as diesel::deserialize::FromSql<
                    diesel::sql_types::Numeric,
                    diesel::pg::Pg,
                >>::from_sql(bytes)?;
                $name::from_stored(decimal)
                    .ok_or_else(|| format!("{decimal} cannot be a {}", stringify!($name)).into())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
                let decimal = text.parse().map_err(serde::de::Error::custom)?;
                $name::from_stored(decimal).ok_or_else(|| {
                    serde::de::Error::custom(format!("{decimal} cannot be a {}", stringify!($name)))
                })
            }
        }

        value_as_text!($name);
    };
}

/// Lets a type stand in a sentence as its `Display` prints it.
macro_rules! value_as_text {
    ($name:ident) => {
        impl From<$name> for $crate::kernel::language::Value {
            fn from(value: $name) -> Self {
                Self::Text(value.to_string())
            }
        }

        impl From<&$name> for $crate::kernel::language::Value {
            fn from(value: &$name) -> Self {
                Self::Text(value.to_string())
            }
        }
    };
}

/// States of a document, as stored: an enum with `ALL`, `as_str` and the place in the database that [`text_column!`] gives.
macro_rules! states {
    ($(#[$about:meta])* $name:ident: $($(#[$meaning:meta])* $variant:ident $code:literal)*) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, diesel::AsExpression, diesel::FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $name { $($(#[$meaning])* $variant),* }

        impl $name {
            /// Every state, in the order of a document's life.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// All of them as stored.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// As stored.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::kernel::language::Said;
            fn from_str(code: &str) -> Result<Self, Self::Err> {
                match code {
                    $($code => Ok(Self::$variant),)*
                    _ => Err($crate::kernel::language::Said::new("There is no such state.")),
                }
            }
        }

        text_column!($name);
    };
}
