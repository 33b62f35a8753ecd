//! Warehouses: the list and one of them.

use crate::companies::model::Registration;
use crate::inventory::forms::WarehouseForm;
use crate::inventory::model::Warehouse;
use crate::kernel::language::Lang;
use crate::web::Remarks;
use crate::web::components::{Choice, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

fn pill(lang: Lang, row: &Warehouse) -> Pill {
    match (row.is_default, row.is_active) {
        (true, _) => Pill::new(lang.t("Usual"), "info", "full"),
        (false, true) => Pill::new(lang.t("In use"), "ok", "full"),
        (false, false) => Pill::new(lang.t("Not in use"), "", "plain"),
    }
}

fn gstin_of(known: &[Registration], row: &Warehouse) -> String {
    let found = known.iter().find(|own| own.id == row.registration_id);
    found.map_or_else(String::new, |own| own.gstin.clone())
}

#[derive(Template)]
#[template(path = "inventory/warehouses.html")]
pub struct WarehousesPage {
    pub shell: Shell,
    pub rows: Vec<(Warehouse, String, Pill)>,
    pub base: String,
    pub may_edit: bool,
}

impl WarehousesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (String, bool),
        (rows, known): (Vec<Warehouse>, Vec<Registration>),
    ) -> Self {
        Self {
            shell,
            rows: rows
                .into_iter()
                .map(|row| (gstin_of(&known, &row), pill(lang, &row), row))
                .map(|(gstin, pill, row)| (row, gstin, pill))
                .collect(),
            base,
            may_edit,
        }
    }
}

/// A warehouse's form as it is saved.
pub fn warehouse_form(row: &Warehouse, known: &[Registration]) -> WarehouseForm {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    WarehouseForm {
        code: row.code.clone(),
        name: row.name.clone(),
        registration: gstin_of(known, row),
        street: text(&row.street),
        city: text(&row.city),
        pincode: text(&row.pincode),
        version: row.updated_at.to_rfc3339(),
        remarks: Remarks::default(),
    }
}

#[derive(Template)]
#[template(path = "inventory/warehouse.html")]
pub struct WarehousePage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub conflict: bool,
    /// The saved one, unless it is new.
    pub saved: Option<(Warehouse, Pill)>,
    pub fields: Vec<Field>,
    pub list: String,
    pub action: String,
    pub may_edit: bool,
    pub version: String,
    pub key: Uuid,
}

impl WarehousePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (String, bool),
        (saved, known): (Option<Warehouse>, &[Registration]),
        (form, conflict): (&WarehouseForm, bool),
    ) -> Self {
        let stored = saved.as_ref().map(|row| warehouse_form(row, known));
        let field = |name: &'static str, label: &'static str, typed: &str, own: Option<&str>| {
            let made = Field::text(name, lang.t(label))
                .value(typed)
                .autocomplete("off")
                .remarks(&form.remarks, lang)
                .theirs(theirs(conflict, own, typed));
            if may_edit { made } else { made.readonly() }
        };
        let own = |pick: fn(&WarehouseForm) -> &str| stored.as_ref().map(pick);
        let choices = known
            .iter()
            .filter(|row| row.ended_on.is_none() || row.gstin == form.registration)
            .map(|row| {
                let label = format!("{} · {}", row.gstin, row.trade_name);
                Choice::new(&row.gstin, label, &form.registration)
            });
        let fields = vec![
            field("code", "Code", &form.code, own(|row| &row.code)),
            field("name", "Name", &form.name, own(|row| &row.name)),
            Field::new("select", "registration", lang.t("GST registration"))
                .choices(choices.collect())
                .hint(lang.t("Goods that leave here are sold under it."))
                .remarks(&form.remarks, lang)
                .theirs(theirs(
                    conflict,
                    own(|row| &row.registration),
                    &form.registration,
                )),
            field(
                "street",
                "Street and area",
                &form.street,
                own(|row| &row.street),
            )
            .optional(),
            field("city", "City", &form.city, own(|row| &row.city)).optional(),
            field(
                "pincode",
                "PIN code",
                &form.pincode,
                own(|row| &row.pincode),
            )
            .inputmode("numeric")
            .optional(),
        ];
        let list = format!("{base}/warehouses");
        let rest = saved.as_ref().map_or("new", |row| row.code.as_str());
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || conflict),
            summary: form.remarks.summary(lang),
            conflict,
            action: format!("{list}/{rest}"),
            saved: saved.map(|row| {
                let pill = pill(lang, &row);
                (row, pill)
            }),
            fields,
            list,
            may_edit,
            version: form.version.clone(),
            key: new_key(),
        }
    }
}
