//! Clerks who pack and send out while the program is killed.

use super::clerks::{
    Day, OPENING, Sent, Step, Warehouse, answer_all, each_once, number_in, taken, work,
};
use super::{
    Killer, books_are_sound, every_job_ends, letters_go_once, nothing_is_locked, rounds,
    short_lease,
};
use crate::support::process;
use crate::support::trade::stock_of;
use mandi::web::forms::new_key;

impl Day<'_> {
    /// Confirms, every third one in part, picks, and packs, every other one in part.
    fn pack(&mut self, order: &str) -> Option<()> {
        let nth: usize = order[order.len() - 5..].parse().unwrap();
        let part = format!("/orders/{order}/confirm-lines");
        let whole = vec![("_key".to_owned(), new_key().to_string())];
        if nth.is_multiple_of(3) {
            let page = self.page(&part)?;
            if page.status == 200 {
                let mut fields = page.form("#confirm-lines").fields;
                let line = fields.iter_mut().find(|(name, _)| name.starts_with("q-"));
                line.unwrap().1 = "11".to_owned();
                fields.retain(|(name, _)| name != "reason");
                fields.push(("reason".to_owned(), "One is broken".to_owned()));
                self.post(Step::Confirm, &part, fields)?;
            }
        } else {
            self.post(Step::Confirm, &format!("/orders/{order}/confirm"), whole)?;
        }
        let key = vec![("_key".to_owned(), new_key().to_string())];
        let (status, to) = self.post(Step::Pick, &format!("/orders/{order}/pick"), key)?;
        if status != 303 {
            return Some(());
        }
        self.pack_shipment(number_in(&to), nth.is_multiple_of(2))
    }

    fn pack_shipment(&mut self, number: &str, is_short: bool) -> Option<()> {
        let path = format!("/shipments/{number}/pack");
        let mut fields = self.page(&path)?.form("#pack").fields;
        for (name, value) in &mut fields {
            match name.as_str() {
                "packed" if is_short && *value != "5" => "7".clone_into(value),
                "packages" => "2".clone_into(value),
                _ => {}
            }
        }
        self.post(Step::Pack, &path, fields)?;
        Some(())
    }

    /// Sends out, and delivers every other one.
    fn dispatch(&mut self, number: &str) -> Option<()> {
        let path = format!("/shipments/{number}/send");
        let page = self.page(&path)?;
        if page.status == 409 {
            return Some(());
        }
        let mut fields = page.form("#send").fields;
        let (vehicle, driver) = &self.warehouse.fleet;
        fields
            .retain(|(name, _)| name != "vehicle" && name != "driver" && name != "challan_reason");
        fields.push(("challan_reason".to_owned(), "approval".to_owned()));
        fields.push(("vehicle".to_owned(), vehicle.clone()));
        fields.push(("driver".to_owned(), driver.clone()));
        let (status, _) = self.post(Step::Send, &path, fields)?;
        if status != 303 || number.ends_with(['1', '3', '5', '7', '9']) {
            return Some(());
        }
        self.deliver(number)
    }

    fn deliver(&mut self, number: &str) -> Option<()> {
        let path = format!("/shipments/{number}/deliver");
        let page = self.page(&path)?;
        if page.status == 409 {
            return Some(());
        }
        let mut fields = page.form("#deliver").fields;
        fields.retain(|(name, _)| name != "received_by");
        fields.push(("received_by".to_owned(), "Meena".to_owned()));
        self.post(Step::Deliver, &path, fields)?;
        Some(())
    }
}

/// Every order is brought to its end by somebody else: nothing is stuck.
fn finish_all(warehouse: &Warehouse) {
    let numbers = |sql: &str| -> Vec<String> {
        let list = warehouse.ask(sql);
        list.split(' ')
            .filter(|word| word.len() > 3)
            .map(str::to_owned)
            .collect()
    };
    let mut day = Day::alone(warehouse);
    let begun = "select string_agg(number, ' ') from shipments where status = 'picking'";
    for number in numbers(begun) {
        day.pack_shipment(&number, false).unwrap();
    }
    let open = "select string_agg(number, ' ') from orders where status in ('to_approve', 'confirmed')
                  and exists (select from order_lines l where l.order_id = orders.id and l.open_qty > l.picking_qty)";
    for number in numbers(open) {
        // Some are confirmed already.
        let path = format!("/orders/{number}/confirm");
        let key = vec![("_key".to_owned(), new_key().to_string())];
        day.post(Step::Confirm, &path, key).unwrap();
        let key = vec![("_key".to_owned(), new_key().to_string())];
        let (_, to) = day
            .post(Step::Pick, &format!("/orders/{number}/pick"), key)
            .unwrap();
        day.pack_shipment(number_in(&to), false).unwrap();
    }
    for number in numbers("select string_agg(number, ' ') from shipments where status = 'packed'") {
        day.dispatch(&number).unwrap();
    }
    for number in numbers("select string_agg(number, ' ') from shipments where status = 'out'") {
        day.deliver(&number).unwrap();
    }
    let left = "select concat_ws(' ', (select count(*) from orders where status not in ('closed', 'cancelled')),
                  (select count(*) from shipments where status <> 'delivered'), (select sum(reserved)::float from stock_levels),
                  (select sum(open_qty + picking_qty)::float from order_lines))";
    assert_eq!(warehouse.ask(left), "0 0 0 0");
}

/// What left is gone, each line once, and numbers follow each other without a gap.
fn goods_left_once(warehouse: &Warehouse) {
    for (place, sku) in ["SOAP", "RICE"].iter().enumerate() {
        let left = warehouse.number(&format!(
            "select coalesce(sum(l.packed_qty), 0)::bigint from shipment_lines l join shipments s on s.id = l.shipment_id join products p on p.id = l.product_id
               where s.status in ('out', 'delivered') and p.sku = '{sku}'"
        ));
        let stock = stock_of(&warehouse.tenant, warehouse.products[place]);
        let there: usize = stock.split(' ').next().unwrap().parse().unwrap();
        assert_eq!(there + left, OPENING.parse::<usize>().unwrap(), "{sku}");
    }
    let moves = "select concat_ws(' ', count(*), count(distinct shipment_line_id)) from stock_moves where shipment_line_id is not null";
    let lines = "select concat_ws(' ', count(*), count(*)) from shipment_lines l join shipments s on s.id = l.shipment_id
                   where s.status in ('out', 'delivered') and l.packed_qty > 0";
    assert_eq!(warehouse.ask(moves), warehouse.ask(lines));
    for (kind, column) in [("shipment", "number"), ("challan", "challan_no")] {
        let last =
            format!("select coalesce((select last from number_series where kind = '{kind}'), 0)");
        let used = format!("select count(distinct {column}) from shipments");
        assert_eq!(warehouse.ask(&last), warehouse.ask(&used), "{kind}");
    }
}

#[test]
fn packing_survives_the_kill() {
    // given
    let urls = process::database("crash_packing");
    let killer = Killer::new();
    let mut process = process::serve(&short_lease(&urls));
    let mut warehouse = Warehouse::new(&urls, &process);
    let (mut all, mut lost): (Vec<Sent>, usize) = (Vec::new(), 0);
    for round in 1..=rounds() {
        // when clerks confirm, pick and pack as fast as they can, until the process is gone
        let orders = warehouse.orders(24);
        let mut sent = work(
            &warehouse,
            &orders,
            |day, order| day.pack(order),
            || {
                killer.strike(&process, &urls, (100, 700));
            },
        );
        process = process::serve(&short_lease(&urls));
        warehouse.move_to(&process);

        // then whoever had no answer gets one now, and each step was taken once
        lost += answer_all(&warehouse, &mut sent, round);
        all.extend(sent);
        let shipments = warehouse.number("select count(*) from shipments");
        each_once("picked", &taken(&all, Step::Pick), shipments);
        let packed = "select count(*) from shipments where status = 'packed'";
        each_once("packed", &taken(&all, Step::Pack), warehouse.number(packed));
        let confirmed = "select count(*) from order_events where kind = 'confirmed'";
        each_once(
            "confirmed",
            &taken(&all, Step::Confirm),
            warehouse.number(confirmed),
        );
        goods_left_once(&warehouse);
        nothing_is_locked(&urls);
        books_are_sound(&urls, &format!("packing {round}"));
    }
    println!("packing: {} requests, {lost} without an answer", all.len());
    killer.has_hit("packing");

    // then nothing is stuck: somebody else brings every order to its end
    finish_all(&warehouse);
    goods_left_once(&warehouse);
    every_job_ends(&urls);
    books_are_sound(&urls, "packing, at the end");
}

#[test]
fn dispatch_survives_the_kill() {
    // given
    let urls = process::database("crash_dispatch");
    let killer = Killer::new();
    let mut process = process::serve(&short_lease(&urls));
    let mut warehouse = Warehouse::new(&urls, &process);
    let (mut all, mut lost): (Vec<Sent>, usize) = (Vec::new(), 0);
    for round in 1..=rounds() {
        // when clerks send out and deliver as fast as they can, until the process is gone
        let shipments = warehouse.shipments(30);
        let mut sent = work(
            &warehouse,
            &shipments,
            |day, number| day.dispatch(number),
            || {
                killer.strike(&process, &urls, (60, 500));
            },
        );
        process = process::serve(&short_lease(&urls));
        warehouse.move_to(&process);

        // then whoever had no answer gets one now, and each shipment left once
        lost += answer_all(&warehouse, &mut sent, round);
        all.extend(sent);
        for (step, statuses) in [
            (Step::Send, "'out', 'delivered'"),
            (Step::Deliver, "'delivered'"),
        ] {
            let rows = format!("select count(*) from shipments where status in ({statuses})");
            each_once("left", &taken(&all, step), warehouse.number(&rows));
        }
        goods_left_once(&warehouse);
        nothing_is_locked(&urls);
        books_are_sound(&urls, &format!("dispatch {round}"));
    }
    println!("dispatch: {} requests, {lost} without an answer", all.len());
    killer.has_hit("dispatch");

    // then nothing is stuck
    finish_all(&warehouse);
    goods_left_once(&warehouse);
    every_job_ends(&urls);
    let left = warehouse.number("select count(*) from shipments");
    letters_go_once(&urls, left);
    books_are_sound(&urls, "dispatch, at the end");
}
