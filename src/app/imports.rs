//! The kinds of files that can be brought in, with the rooms that each of them needs.

use crate::error::AppError;
use crate::imports::{self, jobs};
use crate::inventory::import::{self as inventory, StockImport};
use crate::kernel::ids::ImportId;
use crate::platform::db::Scope;
use crate::platform::files::Store;
use crate::platform::jobs::Registry;
use crate::products::import::{Books, Opening, ProductImport};
use crate::web::Routes;

/// Stock of a catalogue, in the room that keeps it.
pub struct OurBooks;

impl Books for OurBooks {
    fn open(
        scope: &mut Scope,
        import: Option<ImportId>,
        stock: &[Opening],
    ) -> Result<(), AppError> {
        let stock: Vec<inventory::Opening> = stock
            .iter()
            .map(|opening| inventory::Opening {
                product: opening.product,
                warehouse: None,
                quantity: opening.quantity,
                reorder_level: opening.reorder_level,
            })
            .collect();
        inventory::open(scope, import, &stock)
    }
}

/// Their pages.
pub fn routes(r: &mut Routes) {
    imports::routes(r);
    imports::mount::<ProductImport<OurBooks>>(r);
    imports::mount::<StockImport>(r);
}

/// Their jobs.
pub fn jobs(registry: &mut Registry, files: &Store) {
    jobs::on::<ProductImport<OurBooks>>(registry, files);
    jobs::on::<StockImport>(registry, files);
}
