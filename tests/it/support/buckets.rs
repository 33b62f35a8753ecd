//! Stores of others: an S3 server that checks signatures, and a server that speaks as much of Google Cloud Storage as files need.

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hyper_util::rt::TokioIo;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use std::collections::HashMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

/// An S3 server with one bucket; it lives as long as the run.
pub struct S3 {
    folder: tempfile::TempDir,
    port: u16,
}

/// What only the owner of the bucket knows.
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG";

impl S3 {
    /// Name of the bucket.
    pub const BUCKET: &str = "mandi-files";

    /// A server with an empty bucket.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(Self::BUCKET)).unwrap();
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single("mandi", SECRET));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                loop {
                    let (socket, _) = listener.accept().await.unwrap();
                    let http = hyper::server::conn::http1::Builder::new();
                    tokio::spawn(http.serve_connection(TokioIo::new(socket), service.clone()));
                }
            });
        });
        Self { folder, port }
    }

    /// Settings that lead a process here, with a secret that may be wrong.
    pub fn settings(&self, is_right: bool) -> Vec<(&'static str, String)> {
        let secret = if is_right { SECRET } else { "not-the-secret" };
        vec![
            ("MANDI_FILES_URL", format!("s3://{}/kept", Self::BUCKET)),
            ("AWS_ENDPOINT", format!("http://127.0.0.1:{}", self.port)),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "ap-south-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "mandi".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", secret.to_owned()),
        ]
    }

    /// Sizes of the objects of a company, by name.
    pub fn objects(&self, company: &str) -> HashMap<String, u64> {
        let folder = self
            .folder
            .path()
            .join(Self::BUCKET)
            .join("kept")
            .join(company);
        let Ok(entries) = std::fs::read_dir(folder) else {
            return HashMap::new();
        };
        entries
            .map(|entry| entry.unwrap())
            .map(|entry| {
                (
                    entry.file_name().into_string().unwrap(),
                    entry.metadata().unwrap().len(),
                )
            })
            .collect()
    }
}

type Objects = Arc<Mutex<HashMap<String, web::Bytes>>>;

/// A bucket at Google's, as far as files need one: it takes tokens signed with the key of one service account.
pub struct Gcs {
    folder: tempfile::TempDir,
    objects: Objects,
    port: u16,
}

struct Door {
    objects: Objects,
    public_key: Vec<u8>,
}

fn openssl(arguments: &[&str], folder: &Path) {
    let ran = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
}

impl Gcs {
    /// Name of the bucket.
    pub const BUCKET: &str = "mandi-bucket";

    /// A server with an empty bucket.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        openssl(
            &[
                "genpkey",
                "-algorithm",
                "RSA",
                "-pkeyopt",
                "rsa_keygen_bits:2048",
                "-out",
                "key.pem",
            ],
            folder.path(),
        );
        openssl(
            &[
                "rsa",
                "-in",
                "key.pem",
                "-RSAPublicKey_out",
                "-outform",
                "DER",
                "-out",
                "public.der",
            ],
            folder.path(),
        );
        let objects = Objects::default();
        let door = web::Data::new(Door {
            objects: Arc::clone(&objects),
            public_key: std::fs::read(folder.path().join("public.der")).unwrap(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                HttpServer::new(move || {
                    App::new()
                        .app_data(web::Data::clone(&door))
                        .app_data(web::PayloadConfig::new(50_000_000))
                        .default_service(web::to(answer))
                })
                .workers(1)
                .listen(listener)
                .unwrap()
                .run()
                .await
                .unwrap();
            });
        });
        Self {
            folder,
            objects,
            port,
        }
    }

    /// Settings that lead a process here, with the account's key or somebody else's.
    pub fn settings(&self, is_right: bool) -> Vec<(&'static str, String)> {
        let key = if is_right { "key.pem" } else { "foreign.pem" };
        if !is_right {
            openssl(
                &[
                    "genpkey",
                    "-algorithm",
                    "RSA",
                    "-pkeyopt",
                    "rsa_keygen_bits:2048",
                    "-out",
                    key,
                ],
                self.folder.path(),
            );
        }
        let account = serde_json::json!({
            "private_key": std::fs::read_to_string(self.folder.path().join(key)).unwrap(),
            "private_key_id": "1",
            "client_email": "mandi@test.example",
            "gcs_base_url": format!("http://127.0.0.1:{}", self.port),
        });
        let path: PathBuf = self.folder.path().join("account.json");
        std::fs::write(&path, account.to_string()).unwrap();
        vec![
            ("MANDI_FILES_URL", format!("gs://{}/kept", Self::BUCKET)),
            ("GOOGLE_SERVICE_ACCOUNT", path.display().to_string()),
            ("GOOGLE_ALLOW_HTTP", "true".to_owned()),
        ]
    }

    /// Names of the objects.
    pub fn objects(&self) -> Vec<String> {
        self.objects.lock().unwrap().keys().cloned().collect()
    }
}

/// Whether the bearer's token is signed with the account's key (RS256).
fn is_signed(request: &HttpRequest, public_key: &[u8]) -> bool {
    let token = request
        .headers()
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let Some((said, signature)) = token.rsplit_once('.') else {
        return false;
    };
    let Ok(signature) = BASE64_URL_SAFE_NO_PAD.decode(signature) else {
        return false;
    };
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public_key)
        .verify(said.as_bytes(), &signature)
        .is_ok()
}

async fn answer(request: HttpRequest, body: web::Bytes, door: web::Data<Door>) -> HttpResponse {
    if !is_signed(&request, &door.public_key) {
        return HttpResponse::Unauthorized().body("the token is not signed by the account");
    }
    let name = request.path().replace("%2F", "/").replace("%2D", "-");
    let mut objects = door.objects.lock().unwrap();
    match request.method().as_str() {
        "PUT" => {
            objects.insert(name, body);
            HttpResponse::Ok().insert_header(("ETag", "\"1\"")).finish()
        }
        "GET" => match objects.get(&name) {
            Some(bytes) => HttpResponse::Ok()
                .insert_header(("ETag", "\"1\""))
                .insert_header(("Last-Modified", "Sat, 21 Nov 2026 10:00:00 GMT"))
                .body(bytes.clone()),
            None => HttpResponse::NotFound().finish(),
        },
        "DELETE" if objects.remove(&name).is_some() => HttpResponse::NoContent().finish(),
        "DELETE" => HttpResponse::NotFound().finish(),
        _ => HttpResponse::MethodNotAllowed().finish(),
    }
}
