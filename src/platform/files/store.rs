//! Where the bytes of files lie: a folder, S3 or Google Cloud Storage, all through one door.

use crate::config::FilesAt;
use crate::error::AppError;
use crate::kernel::ids::{FileId, TenantId};
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, RetryConfig, WriteMultipart};
use std::io::Read;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// Size of a part of a large upload, in bytes; S3 takes none smaller than 5 MiB but the last.
const PART: usize = 5 * 1024 * 1024;

/// The file store of this installation.
#[derive(Clone)]
pub struct Store {
    inner: Arc<dyn ObjectStore>,
    prefix: Path,
}

/// The threads that talk to the store. Workers and request threads wait for them; they live as long as the process.
fn runtime() -> Result<&'static Runtime, AppError> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let started = Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("files")
        .enable_all()
        .build()
        .map_err(AppError::internal)?;
    Ok(RUNTIME.get_or_init(|| started))
}

fn away(error: &object_store::Error) -> AppError {
    AppError::FilesAway(error.to_string())
}

/// A page waits for the store, so it gives up soon; jobs come again by themselves.
fn patience() -> RetryConfig {
    RetryConfig {
        max_retries: 2,
        retry_timeout: Duration::from_secs(15),
        ..RetryConfig::default()
    }
}

impl Store {
    /// The store that the settings name. A folder is made if it is not there; credentials of S3 and Google come from their usual variables.
    ///
    /// # Errors
    /// When the folder can't be made or the credentials make no sense.
    pub fn open(at: &FilesAt) -> Result<Self, AppError> {
        let (inner, prefix): (Arc<dyn ObjectStore>, &str) = match at {
            FilesAt::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| {
                    AppError::FilesAway(format!("{}: {error}", folder.display()))
                })?;
                let local =
                    LocalFileSystem::new_with_prefix(folder).map_err(|error| away(&error))?;
                (Arc::new(local), "")
            }
            FilesAt::S3 { bucket, prefix } => {
                let s3 = AmazonS3Builder::from_env()
                    .with_bucket_name(bucket)
                    .with_retry(patience())
                    .build()
                    .map_err(|error| away(&error))?;
                (Arc::new(s3), prefix)
            }
            FilesAt::Gcs { bucket, prefix } => {
                let gcs = GoogleCloudStorageBuilder::from_env()
                    .with_bucket_name(bucket)
                    .with_retry(patience())
                    .build()
                    .map_err(|error| away(&error))?;
                (Arc::new(gcs), prefix)
            }
        };
        Ok(Self {
            inner,
            prefix: Path::from(prefix),
        })
    }

    fn place(&self, tenant: TenantId, file: FileId) -> Path {
        self.prefix
            .clone()
            .join(tenant.to_string())
            .join(file.to_string())
    }

    /// Puts bytes into the store, part by part, so that a large file takes little memory. Not for async threads.
    ///
    /// # Errors
    /// `FilesAway`, or whatever reading fails with; then nothing is stored.
    pub fn put(
        &self,
        tenant: TenantId,
        file: FileId,
        content: &mut dyn Read,
    ) -> Result<(), AppError> {
        let place = self.place(tenant, file);
        let part = next_part(content)?;
        runtime()?.block_on(async {
            if part.len() < PART {
                let whole = PutPayload::from(part);
                self.inner
                    .put(&place, whole)
                    .await
                    .map_err(|error| away(&error))?;
                return Ok(());
            }
            let upload = self
                .inner
                .put_multipart(&place)
                .await
                .map_err(|error| away(&error))?;
            let mut writer = WriteMultipart::new_with_chunk_size(upload, PART);
            if let Err(error) = send_parts(&mut writer, part, content).await {
                // What was sent so far must not stay there, paid for and nameless.
                drop(writer.abort().await);
                return Err(error);
            }
            writer.finish().await.map_err(|error| away(&error))?;
            Ok(())
        })
    }

    /// The bytes of a file, piece by piece.
    ///
    /// # Errors
    /// `NotFound` when the store has no such file, `FilesAway`.
    pub async fn read(
        &self,
        tenant: TenantId,
        file: FileId,
    ) -> Result<impl Stream<Item = Result<Bytes, AppError>> + use<>, AppError> {
        let (inner, place) = (Arc::clone(&self.inner), self.place(tenant, file));
        let asked = runtime()?.spawn(async move { inner.get(&place).await });
        match asked.await.map_err(AppError::internal)? {
            Ok(found) => Ok(found
                .into_stream()
                .map(|piece| piece.map_err(|error| away(&error)))),
            Err(object_store::Error::NotFound { .. }) => Err(AppError::NotFound),
            Err(error) => Err(away(&error)),
        }
    }

    /// All bytes of a file, for work that needs them at once. Not for async threads.
    ///
    /// # Errors
    /// `NotFound` when the store has no such file, `FilesAway`.
    pub fn whole(&self, tenant: TenantId, file: FileId) -> Result<Vec<u8>, AppError> {
        let place = self.place(tenant, file);
        let got = runtime()?.block_on(async { self.inner.get(&place).await?.bytes().await });
        match got {
            Ok(bytes) => Ok(bytes.to_vec()),
            Err(object_store::Error::NotFound { .. }) => Err(AppError::NotFound),
            Err(error) => Err(away(&error)),
        }
    }

    /// Takes a file out of the store. One that is not there is no error. Not for async threads.
    ///
    /// # Errors
    /// `FilesAway`.
    pub fn remove(&self, tenant: TenantId, file: FileId) -> Result<(), AppError> {
        let place = self.place(tenant, file);
        match runtime()?.block_on(self.inner.delete(&place)) {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(away(&error)),
        }
    }
}

async fn send_parts(
    writer: &mut WriteMultipart,
    first: Vec<u8>,
    content: &mut dyn Read,
) -> Result<(), AppError> {
    let mut part = first;
    while !part.is_empty() {
        writer
            .wait_for_capacity(1)
            .await
            .map_err(|error| away(&error))?;
        writer.put(Bytes::from(part));
        part = next_part(content)?;
    }
    Ok(())
}

/// The next part of what is read; shorter than [`PART`] only at the end.
fn next_part(content: &mut dyn Read) -> Result<Vec<u8>, AppError> {
    let mut part = Vec::new();
    content
        .take(PART as u64)
        .read_to_end(&mut part)
        .map_err(AppError::internal)?;
    Ok(part)
}
