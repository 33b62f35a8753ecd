//! What a search found before the list's other filters take some of it away.

use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Uuid as SqlUuid};
use uuid::Uuid;

/// Ids that a search found among so many as it was asked for. A list asks for them first and then for the rows, so that it knows whether it
/// has looked at all of them: what is left by other filters, or by what a list never shows, says nothing of it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Found {
    #[diesel(sql_type = Array<SqlUuid>)]
    ids: Vec<Uuid>,
    #[diesel(sql_type = Bool)]
    is_cut: bool,
}

/// Rows of a list, and what its search found, if it is one.
pub type Searched<T> = (Vec<T>, Option<Found>);

impl Found {
    /// The ids.
    pub fn ids(&self) -> Vec<Uuid> {
        self.ids.clone()
    }

    /// Whether the search may have found more.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }
}
