//! At the door: delivered, or brought back. The driver's phone.

use super::{may_step, who};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::FileId;
use crate::kernel::language::Said;
use crate::logistics::actions::{self, Delivery};
use crate::logistics::forms::DeliverForm;
use crate::logistics::model::Shipment;
use crate::logistics::rules::Status;
use crate::logistics::views::{DeliverPage, Door, DrivePage};
use crate::platform::files::picture::{self, Small};
use crate::platform::files::{self, NewFile};
use crate::platform::permissions::{DeliverShipments, ReadShipments};
use crate::web::Allowed;
use crate::web::page::{self, Answer, Next};
use crate::web::uploads::{Received, Upload, size};
use actix_web::web;
use chrono::Duration;
use sha2::{Digest, Sha256};
use std::io::Read;

/// Longest side of a kept photo, in pixels: enough to read a stamp.
const SIDE: u32 = 1_280;

/// Where the form was opened.
#[derive(Clone, Copy, PartialEq)]
enum Opened {
    /// On the office's page of the shipment.
    AtOffice,
    /// On the driver's phone.
    OnPhone,
}

impl Opened {
    /// Where the form leads back to, and where it goes.
    fn ways(self, base: &str, number: &str) -> (String, String) {
        match self {
            Self::AtOffice => {
                let back = format!("{base}/shipments/{number}");
                let action = format!("{back}/deliver");
                (back, action)
            }
            Self::OnPhone => (format!("{base}/drive"), format!("{base}/drive/{number}")),
        }
    }
}

fn view(
    actor: &Allowed<DeliverShipments>,
    opened: Opened,
    shipment: Shipment,
    form: &DeliverForm,
) -> DeliverPage {
    let title = Said::new("Deliver {number}").with("number", &shipment.number);
    let shell = actor
        .shell(actor.lang().say(&title))
        .with_errors(!form.remarks.is_empty());
    let ways = opened.ways(&actor.pass.base(), &shipment.number);
    let limit = size(actor.state().config.upload_limit as u64);
    let door = Door::new(actor.lang(), ways, shipment, form, &limit);
    match opened {
        Opened::AtOffice => DeliverPage::Office { shell, door },
        Opened::OnPhone => DeliverPage::Phone { shell, door },
    }
}

async fn show(actor: Allowed<DeliverShipments>, number: String, opened: Opened) -> Answer {
    let shipment = actor
        .read(move |scope| Shipment::find(scope, &number))
        .await?;
    may_step(&shipment, Status::Delivered)?;
    let form = DeliverForm::default();
    page::show(&actor.ctx, &view(&actor, opened, shipment, &form))
}

async fn save(
    actor: Allowed<DeliverShipments>,
    number: String,
    upload: Upload<DeliverForm>,
    opened: Opened,
) -> Answer {
    let Upload { mut form, file } = upload;
    let asked = number.clone();
    let find = async || {
        let asked = asked.clone();
        actor.read(move |scope| Shipment::find(scope, &asked)).await
    };
    let typed = form.parse();
    let mut proof = None;
    if let (Some(received), true) = (file, typed.is_some()) {
        // No photo is stored for what can't be delivered. The form that delivered it gets its first answer, however often it comes.
        if let Err(refused) = may_step(&find().await?, Status::Delivered) {
            actor.once(move |_| Err(refused)).await?;
        }
        match store(&actor, received).await? {
            Ok(file) => proof = Some(file),
            Err(said) => form.remarks.add("file", said),
        }
    }
    let (Some((received_by, note)), true) = (typed, form.remarks.is_empty()) else {
        let shipment = find().await?;
        return page::again(&actor.ctx, &view(&actor, opened, shipment, &form));
    };
    let (to, _) = opened.ways(&actor.pass.base(), &number);
    let name = who(&actor.pass);
    let next = actor
        .once(move |scope| {
            let delivery = Delivery {
                received_by,
                note,
                proof,
            };
            actions::deliver(scope, &name, &number, &delivery)?;
            Ok(Next::to(to).saying(Said::new("{number} is delivered.").with("number", number)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

/// The photo made small and put into the store, pending; or what is wrong with it.
async fn store(
    actor: &Allowed<DeliverShipments>,
    received: Received,
) -> Result<Result<FileId, Said>, AppError> {
    let member = actor.member();
    actor
        .blocking(move |state, ctx| {
            let photo = match shrink(received) {
                Err(said) => return Ok(Err(said)),
                Ok(photo) => photo,
            };
            let file = proof_file(&photo)?;
            // Row first, bytes second: what is left of a crash in between is swept away.
            state
                .db
                .write(&member, &ctx.meter, |scope| files::add(scope, &file))?;
            state
                .files
                .put(member.tenant(), file.id, &mut photo.bytes.as_slice())?;
            Ok(Ok(file.id))
        })
        .await
}

fn shrink(mut received: Received) -> Result<Small, Said> {
    let mut bytes = Vec::new();
    received
        .content()?
        .read_to_end(&mut bytes)
        .map_err(|_| Said::new("This picture can't be read. Send it again."))?;
    picture::small(&bytes, SIDE)
}

fn proof_file(photo: &Small) -> Result<NewFile, AppError> {
    Ok(NewFile {
        id: FileId::new(),
        name: format!("delivery.{}", photo.ending),
        media_type: photo.media_type,
        bytes: i64::try_from(photo.bytes.len()).map_err(AppError::internal)?,
        sha256: Sha256::digest(&photo.bytes).to_vec(),
        purpose: "proof",
        needs: "shipments.read",
        created_by: None,
        lives: Duration::days(1),
    })
}

pub async fn ask(actor: Allowed<DeliverShipments>, path: web::Path<(String, String)>) -> Answer {
    show(actor, path.into_inner().1, Opened::AtOffice).await
}

pub async fn deliver(
    actor: Allowed<DeliverShipments>,
    path: web::Path<(String, String)>,
    upload: Upload<DeliverForm>,
) -> Answer {
    save(actor, path.into_inner().1, upload, Opened::AtOffice).await
}

pub async fn stop(actor: Allowed<DeliverShipments>, path: web::Path<(String, String)>) -> Answer {
    show(actor, path.into_inner().1, Opened::OnPhone).await
}

pub async fn deliver_stop(
    actor: Allowed<DeliverShipments>,
    path: web::Path<(String, String)>,
    upload: Upload<DeliverForm>,
) -> Answer {
    save(actor, path.into_inner().1, upload, Opened::OnPhone).await
}

pub async fn drive(actor: Allowed<ReadShipments>) -> Answer {
    let found = actor
        .read(|scope| Ok((Shipment::on_the_road(scope)?, dates::today(scope.now()))))
        .await?;
    let view = DrivePage::new(
        actor.shell(actor.lang().t("On the road")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<DeliverShipments>()),
        found,
    );
    page::show(&actor.ctx, &view)
}
