//! Whole `mandi` processes: started from the command line with settings of the environment, told things by signals.

use super::postgres::{self, Urls};
use super::{Browser, PASSWORD, admin_of, until};
use mandi::platform::db::migrate;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;

/// A process that serves; killed with the value.
pub struct Process {
    child: Child,
    folder: tempfile::TempDir,
    /// Where it listens, without a slash at the end.
    pub base: String,
}

/// A database of the run's server, with the tables already there.
pub fn database(name: &str) -> Urls {
    static TEMPLATE: OnceLock<()> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let urls = postgres::server().database("process_template");
        migrate::migrate(&urls.owner, &urls.app).unwrap();
    });
    postgres::server().copy("process_template", name)
}

/// The settings that lead to a database, for two logins.
pub fn two_logins(urls: &Urls) -> Vec<(&str, &str)> {
    vec![
        ("DATABASE_URL", &urls.app),
        ("DATABASE_OWNER_URL", &urls.owner),
    ]
}

/// A port that is free just now, for a program that others have to find at the same address after it was killed.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Runs a command to its end.
pub fn run(command: &str, settings: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    program(command, settings)
        .current_dir(folder.path())
        .output()
        .unwrap()
}

/// Starts `mandi serve` and comes back when it serves.
#[track_caller]
pub fn serve(settings: &[(&str, &str)]) -> Process {
    started(program("serve", settings))
}

/// Starts an ignored test of this very binary, which serves routes of its own, as a process that can be killed.
#[track_caller]
pub fn this(test: &str, settings: &[(&str, &str)]) -> Process {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["--exact", test, "--ignored", "--nocapture"]);
    started(with_settings(program, settings))
}

#[track_caller]
fn started(mut program: Command) -> Process {
    let folder = tempfile::tempdir().unwrap();
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let child = program
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    let mut process = Process {
        child,
        folder,
        base: String::new(),
    };
    let address = || {
        let log = process.log();
        let (_, after) = log.split_once("\"address\":\"")?;
        Some(after.split_once('"')?.0.to_owned())
    };
    until("it serves or ends", || {
        address().is_some() || has_ended(process.child.id())
    });
    let Some(address) = address() else {
        panic!("it does not serve:\n{}", process.log())
    };
    process.base = format!("http://{address}");
    process
}

impl Process {
    /// A fresh browser on it.
    pub fn browser(&self) -> Browser {
        Browser::on(&self.base)
    }

    /// A platform admin of its database, signed in on it: the address and the browser.
    pub fn admin(&self, urls: &Urls) -> (String, Browser) {
        let (address, browser) = (admin_of(&urls.owner), self.browser());
        browser.sign_in(&address, PASSWORD).is(200);
        (address, browser)
    }

    /// Asks for a code to sign in with, which writes a letter to somebody whom it knows.
    pub fn ask_for_code(&self, address: &str) {
        self.browser()
            .open("/sign-in/code")
            .form("form[action='/sign-in/code']")
            .fill("email", address)
            .submit()
            .is(200);
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to standard error.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// SIGTERM: end in order.
    pub fn terminate(&self) {
        unsafe { libc::kill(i32::try_from(self.child.id()).unwrap(), libc::SIGTERM) };
    }

    /// SIGKILL: gone in the middle of whatever it does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// How it ended, once it has.
    #[track_caller]
    pub fn end(&mut self) -> ExitStatus {
        until("the process ends", || has_ended(self.child.id()));
        self.child.wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("what {} said:\n{}", self.base, self.log());
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Whether a child of ours has ended; it stays to be waited for.
fn has_ended(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") Z "))
}

/// The program with these settings and no others, in log lines that can be searched.
fn program(command: &str, settings: &[(&str, &str)]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mandi"));
    program.arg(command);
    with_settings(program, settings)
}

/// A program that knows these settings and no others, and does not outlive the test.
fn with_settings(mut program: Command, settings: &[(&str, &str)]) -> Command {
    program
        .env_clear()
        .envs([
            ("MANDI_PROFILE", "test"),
            ("MANDI_PORT", "0"),
            ("MANDI_LOG_FORMAT", "json"),
            ("MANDI_DB_POOL", "6"),
            ("MANDI_WORKERS", "2"),
        ])
        .envs(settings.iter().copied())
        .stdin(Stdio::null());
    // It must not outlive the test that started it, not even one that is killed.
    unsafe {
        program.pre_exec(|| {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            Ok(())
        });
    }
    program
}
