//! What was typed about lists: exports and saved views.

use crate::companies::actions::NewView;
use crate::kernel::language::{Said, text};
use crate::kernel::text::one_line;
use crate::web::Remarks;
use serde::Deserialize;

/// Which kind of file an export makes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ExportForm {
    pub format: String,
}

/// A filter to be kept under a name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ViewForm {
    pub list: String,
    pub filter: String,
    pub name: String,
    pub audience: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl ViewForm {
    /// `query`: the filter, tidied; `may_share`: whether it may be for everyone.
    pub fn parse(
        mut self,
        list: &'static str,
        query: String,
        may_share: bool,
    ) -> Result<(NewView, Self), Box<Self>> {
        let name = self
            .remarks
            .take("name", one_line(text!("Name of the view"), &self.name, 40));
        if query.is_empty() || query.len() > 1000 {
            self.remarks.add(
                "name",
                Said::new("There is no filter to save, or it is too long. Go back and filter the list first."),
            );
        }
        match name {
            Some(name) if self.remarks.is_empty() => Ok((
                NewView {
                    list,
                    name,
                    query,
                    is_for_everyone: may_share && self.audience == "everyone",
                },
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}
