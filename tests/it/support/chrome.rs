//! Windows of a real browser: Chromium, driven through one chromedriver for the whole run.

use super::Browser;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, LoggingPrefsLogLevel, TypingData};
use tokio::runtime::{Builder, Runtime};

/// How long a window waits for what a page is to show.
const PATIENCE: Duration = Duration::from_secs(20);

/// A window wider than this is a desk's, a narrower one a phone's.
const PHONE: u32 = 600;

/// The driver of this run.
struct Driver {
    address: String,
    /// What starts Chromium so that it dies with the driver.
    starter: PathBuf,
}

/// What the system prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// A window with cookies, cache and settings of its own.
pub struct Window {
    runtime: Runtime,
    driver: Option<WebDriver>,
    // Kept for its folder, which goes when the window goes.
    _profile: TempDir,
}

fn driver() -> &'static Driver {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    DRIVER.get_or_init(Driver::start)
}

impl Driver {
    fn start() -> Self {
        // A driver that dies takes no browser with it, so the browser asks the kernel itself to go with its parent.
        let starter = super::postgres::server().folder().join("chromium");
        std::fs::write(
            &starter,
            "#!/bin/sh\nexec setpriv --pdeathsig KILL -- chromium \"$@\"\n",
        )
        .unwrap();
        std::fs::set_permissions(&starter, std::fs::Permissions::from_mode(0o755)).unwrap();
        let (told, tell) = std::sync::mpsc::channel();
        // Tied to the thread that started it, which lives as long as the run: as with PostgreSQL.
        std::thread::spawn(move || {
            let mut command = Command::new("chromedriver");
            command
                .arg("--port=0")
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null());
            unsafe {
                command.pre_exec(|| {
                    libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                    Ok(())
                });
            }
            let mut child = command
                .spawn()
                .unwrap_or_else(|error| panic!("chromedriver: {error}; bin/setup installs it"));
            // Read to the end, or the driver would stop at a full pipe.
            for line in BufReader::new(child.stdout.take().unwrap())
                .lines()
                .map_while(Result::ok)
            {
                if let Some((_, port)) = line.split_once("started successfully on port ") {
                    told.send(port.trim_end_matches('.').to_owned()).unwrap();
                }
            }
            child.wait().unwrap();
        });
        let port = tell
            .recv_timeout(Duration::from_secs(30))
            .expect("chromedriver says no port");
        Self {
            address: format!("http://127.0.0.1:{port}"),
            starter,
        }
    }
}

impl Window {
    /// A fresh window, 1440 px wide and light, with nobody signed in and nothing in its cache.
    pub fn open() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let profile = tempfile::Builder::new()
            .prefix("mandi-window-")
            .tempdir()
            .unwrap();
        let mut wanted = DesiredCapabilities::chrome();
        wanted
            .set_binary(driver().starter.to_str().unwrap())
            .unwrap();
        wanted
            .set_browser_log_level(LoggingPrefsLogLevel::All)
            .unwrap();
        for flag in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=en-IN",
        ] {
            wanted.add_arg(flag).unwrap();
        }
        wanted
            .add_arg(&format!("--user-data-dir={}", profile.path().display()))
            .unwrap();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let opened = runtime
            .block_on(WebDriver::new(&driver().address, wanted))
            .unwrap();
        let window = Self {
            runtime,
            driver: Some(opened),
            _profile: profile,
        };
        window.tell("Network.enable", &json!({}));
        window.resize(1440);
        window.prefer(Theme::Light);
        window
    }

    fn driver(&self) -> &WebDriver {
        self.driver.as_ref().unwrap()
    }

    /// A command of the browser's own protocol.
    pub fn tell(&self, command: &str, parameters: &Value) -> Value {
        self.runtime
            .block_on(self.driver().cdp().send_raw(command, parameters))
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Sets the width: a phone's when narrow, with a viewport that an overflow would enlarge.
    pub fn resize(&self, width: u32) {
        let is_phone = width < PHONE;
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            &json!({
                "width": width,
                "height": if is_phone { 844 } else { 900 },
                "deviceScaleFactor": 1,
                "mobile": is_phone,
            }),
        );
    }

    /// Sets what the system prefers.
    pub fn prefer(&self, theme: Theme) {
        let scheme = match theme {
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        self.tell(
            "Emulation.setEmulatedMedia",
            &json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }),
        );
    }

    /// Whether pages may run their scripts, from the next page on. [`Window::ask`] works either way.
    pub fn run_scripts(&self, may: bool) {
        self.tell(
            "Emulation.setScriptExecutionDisabled",
            &json!({ "value": !may }),
        );
    }

    /// Forgets what it has cached.
    pub fn empty_cache(&self) {
        self.tell("Network.clearBrowserCache", &json!({}));
    }

    /// Becomes somebody: takes over the cookies of their browser, and no others.
    pub fn become_somebody(&self, who: &Browser) {
        self.tell("Network.clearBrowserCookies", &json!({}));
        let cookies: Vec<Value> = who
            .cookies()
            .into_iter()
            .map(|(name, value)| json!({ "name": name, "value": value, "url": who.url("/"), "httpOnly": true }))
            .collect();
        self.tell("Network.setCookies", &json!({ "cookies": cookies }));
    }

    /// Opens an address, and returns when it is loaded.
    pub fn go(&self, url: &str) {
        self.runtime
            .block_on(self.driver().goto(url))
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// The address that is shown.
    pub fn url(&self) -> url::Url {
        self.runtime.block_on(self.driver().current_url()).unwrap()
    }

    /// The value of an expression in the page, awaited if it is a promise. A page that is just going, or that has not come yet, is asked again.
    #[track_caller]
    pub fn ask<T: DeserializeOwned>(&self, expression: &str) -> T {
        let asked = patiently(|| self.try_to_ask(expression), |_| true);
        asked.unwrap_or_else(|error| {
            let start: String = expression.chars().take(200).collect();
            panic!("{}: {start}: {error}", self.url())
        })
    }

    fn try_to_ask<T: DeserializeOwned>(&self, expression: &str) -> Result<T, String> {
        let parameters =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = self
            .runtime
            .block_on(
                self.driver()
                    .cdp()
                    .send_raw("Runtime.evaluate", &parameters),
            )
            .map_err(|error| error.to_string())?;
        if !answer["exceptionDetails"].is_null() {
            return Err(answer["exceptionDetails"].to_string());
        }
        serde_json::from_value(answer["result"]["value"].clone())
            .map_err(|error| format!("{error} in {answer}"))
    }

    /// The text of the first element that a selector finds, or nothing.
    pub fn text(&self, selector: &str) -> String {
        self.ask(&format!(
            "(document.querySelector({selector:?})?.innerText ?? '').trim()"
        ))
    }

    /// Waits until an expression in the page is true. A page that is just going can't be asked; the one that comes is.
    #[track_caller]
    pub fn until(&self, expression: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.try_to_ask(&format!("Boolean({expression})")) != Ok(true) {
            assert!(
                Instant::now() < deadline,
                "{}: waited in vain for {expression}; shown: {}",
                self.url(),
                self.text("body")
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Clicks the first element that a selector finds, as a mouse does; waits for a page that has not come yet.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let click = || {
            self.runtime
                .block_on(async { self.driver().find(By::Css(selector)).await?.click().await })
        };
        let clicked = patiently(click, is_on_its_way);
        clicked.unwrap_or_else(|error| panic!("{}: {selector}: {error}", self.url()));
    }

    /// Whether a selector finds anything.
    pub fn has(&self, selector: &str) -> bool {
        self.ask(&format!("Boolean(document.querySelector({selector:?}))"))
    }

    /// Types into the field with this id, in place of what is there; chooses in a list.
    #[track_caller]
    pub fn fill(&self, field: &str, value: &str) {
        self.fill_at(&format!("[id={field:?}]"), value);
    }

    /// The same for the first field that a selector finds.
    #[track_caller]
    pub fn fill_at(&self, selector: &str, value: &str) {
        let typed = patiently(
            || self.runtime.block_on(self.type_into(selector, value)),
            is_on_its_way,
        );
        typed.unwrap_or_else(|error| panic!("{}: {selector}: {error}", self.url()));
    }

    async fn type_into(&self, selector: &str, value: &str) -> WebDriverResult<()> {
        let field = self.driver().find(By::Css(selector)).await?;
        if field.tag_name().await? == "select" {
            let option = format!("option[value={value:?}]");
            return field.find(By::Css(option)).await?.click().await;
        }
        if field.attr("type").await?.as_deref() == Some("radio") {
            let one = format!("{selector}[value={value:?}]");
            return self.driver().find(By::Css(one)).await?.click().await;
        }
        field.clear().await?;
        field.send_keys(value).await
    }

    /// Presses keys, one after another, wherever the focus is.
    pub fn press(&self, keys: impl Into<TypingData>) {
        self.runtime
            .block_on(self.driver().action_chain().send_keys(keys).perform())
            .unwrap();
    }

    /// Presses a key while another is held down.
    pub fn press_with(&self, held: Key, key: char) {
        self.runtime
            .block_on(
                self.driver()
                    .action_chain()
                    .key_down(held.clone())
                    .send_keys(key.to_string())
                    .key_up(held)
                    .perform(),
            )
            .unwrap();
    }

    /// What the console has complained of since last asked: faults of scripts, and what the policy forbade.
    pub fn complaints(&self) -> Vec<String> {
        self.runtime
            .block_on(self.driver().browser_log())
            .unwrap()
            .into_iter()
            .filter(|entry| ["SEVERE", "WARNING"].contains(&entry.level.as_str()))
            .map(|entry| entry.message)
            .collect()
    }
}

/// Does something again and again while it fails in a way that time may mend.
fn patiently<T, E>(
    mut one: impl FnMut() -> Result<T, E>,
    may_mend: fn(&E) -> bool,
) -> Result<T, E> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match one() {
            Err(error) if may_mend(&error) && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(20));
            }
            done => return done,
        }
    }
}

/// Whether what was looked for is not there yet, or was of the page that has just gone.
fn is_on_its_way(error: &WebDriverError) -> bool {
    matches!(
        error.as_inner(),
        WebDriverErrorInner::NoSuchElement(_) | WebDriverErrorInner::StaleElementReference(_)
    )
}

impl Drop for Window {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            drop(self.runtime.block_on(driver.quit()));
        }
    }
}
