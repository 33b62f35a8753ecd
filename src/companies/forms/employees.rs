//! What was typed about employees.

use super::role;
use crate::companies::actions::EmployeeChange;
use crate::kernel::dates::parse_version;
use crate::kernel::language::text;
use crate::kernel::phone::Phone;
use crate::kernel::text::{one_line, optional_line};
use crate::web::Remarks;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// An employee's record.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EmployeeForm {
    pub name: String,
    pub title: String,
    pub phone: String,
    pub role: String,
    pub active: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl EmployeeForm {
    pub fn parse(mut self) -> Result<(EmployeeChange, DateTime<Utc>, Self), Box<Self>> {
        let typed = self.clone();
        let name = self
            .remarks
            .take("name", one_line(text!("Name"), &typed.name, 120));
        let title = self
            .remarks
            .take("title", optional_line(text!("Job title"), &typed.title, 80))
            .flatten();
        let phone = self
            .remarks
            .take_optional("phone", &typed.phone, |typed| typed.parse::<Phone>())
            .map(|phone| phone.as_str().to_owned());
        let role = self.remarks.take("role", role(&typed.role));
        let version = parse_version(&self.version);
        match (name, role) {
            (Some(name), Some(role)) if self.remarks.is_empty() => Ok((
                EmployeeChange {
                    name,
                    title,
                    phone,
                    role,
                    is_active: typed.active == "on",
                },
                version,
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}
