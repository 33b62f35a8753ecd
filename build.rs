//! Prepares what browsers load: one style sheet, fingerprinted names, brotli and gzip bodies. The program carries them inside.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The style sheets in the order in which they are joined; a file a component.
const STYLES: &[&str] = &[
    "reset",
    "tokens",
    "base",
    "layout",
    "office",
    "page-header",
    "icon",
    "button",
    "card",
    "pill",
    "tile",
    "sidebar",
    "views",
    "toolbar",
    "popover",
    "combo",
    "form",
    "notice",
    "table",
    "bulk",
    "facts",
    "empty",
    "toasts",
    "dialog",
    "stepper",
    "charts",
    "upload",
    "save-bar",
    "loading",
    "narrow-lists",
    "sign-in",
    "products",
    "portal",
    "sheet",
    "utilities",
    "print",
];

/// What is served besides: logical name, file, media type.
const FILES: &[(&str, &str, &str)] = &[
    ("app.js", "js/app.js", "text/javascript; charset=utf-8"),
    (
        "htmx.js",
        "vendor/htmx/htmx.min.js",
        "text/javascript; charset=utf-8",
    ),
    (
        "sse.js",
        "vendor/htmx/hx-sse.min.js",
        "text/javascript; charset=utf-8",
    ),
    (
        "prefetch.json",
        "prefetch.json",
        "application/speculationrules+json",
    ),
    ("favicon.svg", "favicon.svg", "image/svg+xml"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=static");
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=locales");
    let root = PathBuf::from("static");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut table = String::from("pub static ASSETS: &[Asset] = &[\n");
    let styles = styles(&root)?;
    add(
        &mut table,
        &out,
        "app.css",
        "text/css; charset=utf-8",
        &styles,
    )?;
    for (name, file, media_type) in FILES {
        add(
            &mut table,
            &out,
            name,
            media_type,
            &std::fs::read(root.join(file))?,
        )?;
    }
    table.push_str("];\n");
    std::fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

fn styles(root: &Path) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut all = String::from(
        "@layer reset, tokens, base, layout, components, screens, utilities, print;\n",
    );
    for name in STYLES {
        let path = root.join(format!("css/{name}.css"));
        all.push_str(
            &std::fs::read_to_string(&path)
                .map_err(|error| format!("{}: {error}", path.display()))?,
        );
    }
    let known = std::fs::read_dir(root.join("css"))?.count();
    if known != STYLES.len() {
        return Err(format!(
            "static/css has {known} files, but build.rs joins {}",
            STYLES.len()
        )
        .into());
    }
    Ok(all.into_bytes())
}

fn add(
    table: &mut String,
    out: &Path,
    name: &str,
    media_type: &str,
    body: &[u8],
) -> Result<(), Box<dyn std::error::Error>> {
    let digest: String =
        Sha256::digest(body)
            .iter()
            .take(6)
            .fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            });
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let served = format!("{stem}.{digest}.{ending}");
    let mut brotli = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: body.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut std::io::Cursor::new(body), &mut brotli, &settings)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(body)?;
    for (kind, bytes) in [("plain", body), ("br", &brotli), ("gz", &gzip.finish()?)] {
        std::fs::write(out.join(format!("{name}.{kind}")), bytes)?;
    }
    let include =
        |kind: &str| format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.{kind}\"))");
    writeln!(
        table,
        "    Asset {{ name: {name:?}, path: \"/assets/{served}\", media_type: {media_type:?}, digest: {digest:?}, plain: {}, brotli: {}, gzip: {} }},",
        include("plain"),
        include("br"),
        include("gz")
    )?;
    Ok(())
}
