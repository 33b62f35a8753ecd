//! `mandi serve` as a process of its own, with the settings of production.

use crate::load::{self, Page};
use crate::world::World;
use anyhow::{Context, Result, bail};
use base64::Engine;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server; it ends with this value.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From its start to its first page.
    pub first_page: Duration,
}

/// The program that is measured: the one that `cargo bench` built beside this bench, unless the environment names another.
pub fn program() -> PathBuf {
    std::env::var_os("MANDI_BENCH_BINARY")
        .map_or_else(|| env!("CARGO_BIN_EXE_mandi").into(), PathBuf::from)
}

impl Process {
    /// Starts it, and waits for its first page.
    pub async fn start(world: &World) -> Result<Self> {
        let port = free_port()?;
        let log = File::options()
            .create(true)
            .append(true)
            .open(world.folder.join("mandi.log"))?;
        let secret = base64::prelude::BASE64_STANDARD.encode([0x5a_u8; 64]);
        let mut command = Command::new(std::path::absolute(program())?);
        command
            .arg("serve")
            .current_dir(&world.folder)
            .env_clear()
            .env("MANDI_PROFILE", "production")
            .env("MANDI_BIND", "127.0.0.1")
            .env("MANDI_PORT", port.to_string())
            .env("MANDI_BASE_URL", "https://mandi.example")
            .env("MANDI_SECRET_KEY", secret)
            .env("MANDI_DATA_DIR", &world.folder)
            .env("DATABASE_URL", &world.urls.app)
            .env("DATABASE_OWNER_URL", &world.urls.owner)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        // SAFETY: prctl is async-signal-safe and touches no memory of ours.
        unsafe {
            command.pre_exec(|| {
                // A run that is broken off leaves no server behind.
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                Ok(())
            });
        }
        let started = Instant::now();
        let child = command.spawn().context("mandi serve can't be started")?;
        let mut process = Self {
            child,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            first_page: Duration::ZERO,
        };
        process.wait_for_page(world, started).await?;
        process.first_page = started.elapsed();
        Ok(process)
    }

    async fn wait_for_page(&mut self, world: &World, started: Instant) -> Result<()> {
        let page = Page::signed_out("/sign-in");
        while load::once(self.address, &page).await.is_err() {
            if self.child.try_wait()?.is_some() || started.elapsed() > Duration::from_secs(30) {
                let log = std::fs::read_to_string(world.folder.join("mandi.log"))?;
                bail!("mandi serve shows no page: {}", log.trim());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }

    /// Resident memory now, in megabytes (VmRSS).
    pub fn resident(&self) -> Result<f64> {
        self.memory("VmRSS:")
    }

    /// The most resident memory since its start, in megabytes (VmHWM).
    pub fn most_resident(&self) -> Result<f64> {
        self.memory("VmHWM:")
    }

    fn memory(&self, name: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes: f64 = line
            .and_then(|line| line.split_whitespace().next())
            .with_context(|| format!("no {name} in /proc"))?
            .parse()?;
        Ok(kilobytes * 1024.0 / 1e6)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// In production the port is part of the settings, so one is looked up first.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}
