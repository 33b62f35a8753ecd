//! What a draft keeps of a line that can't be saved as it was typed.

use crate::kernel::ids::ProductId;
use crate::orders::actions::Quote;
use crate::orders::forms::ReadLine;
use crate::orders::model::OrderLine;
use std::collections::{HashMap, HashSet};

/// Says beside the lines what can't be ordered as it was typed, and takes it out of the sums.
pub(super) fn refuse(lines: &mut [ReadLine], quote: &mut Quote) {
    let mut unfit = quote.take_unfit();
    unfit.extend(quote.without_amount());
    for (product, said) in unfit {
        let found = lines
            .iter_mut()
            .find(|line| line.want.is_some_and(|want| want.product == product));
        if let Some(line) = found {
            line.wrong = Some(said);
        }
    }
}

/// A line that something is wrong with stays in the draft as it was saved last: as the product that the page had saved for it, or as the one
/// whose code is typed. Only its own button takes it out.
pub(super) fn keep_saved(stored: &[OrderLine], lines: &mut [ReadLine], quote: &mut Quote) {
    let by_code: HashMap<&str, &OrderLine> = stored
        .iter()
        .map(|line| (line.sku.as_str(), line))
        .collect();
    let by_product: HashMap<ProductId, &OrderLine> =
        stored.iter().map(|line| (line.product_id, line)).collect();
    let sound = lines.iter().filter(|line| line.wrong.is_none());
    let mut taken: HashSet<ProductId> = sound
        .filter_map(|line| line.want.map(|want| want.product))
        .collect();
    let mut saved = Vec::new();
    for line in lines.iter_mut().filter(|line| line.wrong.is_some()) {
        let was = by_code.get(line.typed.was.as_str());
        let own = line.product.and_then(|product| by_product.get(&product));
        let kept = was
            .into_iter()
            .chain(own)
            .copied()
            .find(|known| taken.insert(known.product_id));
        line.is_unsaved = !kept.is_some_and(|known| line.typed.is_as_stored(known));
        line.kept = kept.map(|known| known.product_id);
        saved.extend(kept);
    }
    let order: Vec<ProductId> = lines
        .iter()
        .filter_map(|line| line.kept.or(line.want.map(|want| want.product)))
        .collect();
    quote.put_back(&saved, &order);
}
