//! The thread that starts the server, looks after it, takes over from others, and ends it.

use super::PrivateError;
use super::place::Place;
use super::system::{processes_in, signal};
use std::fs::{File, TryLockError};
use std::os::unix::process::CommandExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

impl Place {
    /// Keeps the server running until it is over: as its owner while the lock is ours, as a guest while it is another's.
    pub(super) fn keep(&self, is_over: &AtomicBool, tell: &mpsc::Sender<Result<(), PrivateError>>) {
        let mut is_told = false;
        let mut say = |outcome: Result<(), PrivateError>| {
            if !is_told {
                is_told = true;
                drop(tell.send(outcome));
            }
        };
        while !is_over.load(Ordering::Acquire) {
            match self.lock() {
                Ok(Some(lock)) => {
                    if let Err(error) = self.own(is_over, &mut say) {
                        tracing::error!(%error, "private PostgreSQL");
                        say(Err(error));
                        std::thread::sleep(Duration::from_secs(2));
                    }
                    drop(lock);
                }
                Ok(None) => {
                    if self.is_answering() {
                        say(Ok(()));
                    }
                    std::thread::sleep(Duration::from_millis(200));
                }
                Err(error) => {
                    say(Err(error));
                    return;
                }
            }
        }
    }

    pub(super) fn lock(&self) -> Result<Option<File>, PrivateError> {
        let path = self.home.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| PrivateError::Folder(path.display().to_string(), error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(PrivateError::Folder(path.display().to_string(), error))
            }
        }
    }

    /// Starts the server and stays until it ends by itself (then the caller starts it again) or is to end.
    pub(super) fn own(
        &self,
        is_over: &AtomicBool,
        say: &mut impl FnMut(Result<(), PrivateError>),
    ) -> Result<(), PrivateError> {
        self.end_orphans();
        self.prepare()?;
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.home.join("server.log"))
            .map_err(|error| PrivateError::Folder(self.home.display().to_string(), error))?;
        let mut command = self.program("postgres");
        command
            .arg("-D")
            .arg(&self.data)
            .arg("-k")
            .arg(&self.sockets)
            .args(self.settings())
            .stderr(
                log.try_clone()
                    .map_err(|error| PrivateError::Start(error.to_string()))?,
            )
            .stdout(log);
        command.process_group(0);
        // SAFETY: prctl is async-signal-safe and touches no memory of ours.
        unsafe {
            command.pre_exec(|| {
                // Fast shutdown when this process dies: the server ends sessions and closes its files.
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGINT);
                Ok(())
            });
        }
        let mut child = command
            .spawn()
            .map_err(|error| PrivateError::Program("postgres".to_owned(), error))?;
        let ready = self.wait_ready(&mut child).and_then(|()| self.furnish());
        if let Err(error) = ready {
            signal(child.id(), libc::SIGQUIT);
            drop(child.wait());
            return Err(error);
        }
        say(Ok(()));
        tracing::info!(folder = %self.home.display(), "private PostgreSQL runs");
        loop {
            match child.try_wait() {
                Ok(Some(status)) => {
                    tracing::warn!(%status, "private PostgreSQL ended by itself; starting it again");
                    return Ok(());
                }
                _ if is_over.load(Ordering::Acquire) => {
                    signal(child.id(), libc::SIGINT);
                    drop(child.wait());
                    return Ok(());
                }
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    pub(super) fn wait_ready(&self, child: &mut std::process::Child) -> Result<(), PrivateError> {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let pid = std::fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
            let mut lines = pid.lines();
            let is_own = lines
                .next()
                .is_some_and(|line| line.trim() == child.id().to_string());
            if is_own && lines.nth(6).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            if let Ok(Some(status)) = child.try_wait() {
                return Err(PrivateError::Start(format!(
                    "it ended with {status}; see {}",
                    self.home.join("server.log").display()
                )));
            }
            if Instant::now() > deadline {
                return Err(PrivateError::Start(format!(
                    "it is not ready after a minute; see {}",
                    self.home.join("server.log").display()
                )));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// After a crash, processes of an old server may still hold the data: those that work in the folder are found and ended. The pid file may lie.
    pub(super) fn end_orphans(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut force = libc::SIGINT;
        loop {
            let left = processes_in(&self.data);
            if left.is_empty() {
                break;
            }
            for pid in &left {
                signal(*pid, force);
            }
            if Instant::now() > deadline {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
            if deadline - Instant::now() < Duration::from_secs(17) {
                force = libc::SIGKILL;
            }
        }
        // Nobody works here, and the lock is ours: a pid file that is left tells of a server that died.
        drop(std::fs::remove_file(self.data.join("postmaster.pid")));
    }
}
