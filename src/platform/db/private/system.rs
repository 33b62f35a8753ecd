//! What the system has: the server programs, a user without rights to run them as, processes, folders.

use super::PrivateError;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Oldest PostgreSQL that will do.
pub(super) const OLDEST: u32 = 15;

/// The newest server programs of this machine.
pub(super) fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| {
            versions
                .flatten()
                .filter_map(|version| {
                    Some((
                        version.file_name().to_str()?.parse().ok()?,
                        version.path().join("bin"),
                    ))
                })
                .collect()
        })
        .unwrap_or_default();
    if let Some(path) = std::env::var_os("PATH") {
        found.extend(std::env::split_paths(&path).map(|folder| (0, folder)));
    }
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found
        .into_iter()
        .find(|(version, bin)| {
            bin.join("initdb").exists()
                && bin.join("postgres").exists()
                && (*version == 0 || *version >= OLDEST)
        })
        .map(|(_, bin)| bin)
}

/// As root: the user that the server runs as instead.
pub(super) fn server_user() -> Option<(u32, u32)> {
    if own_uid() != 0 {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        let line = passwd
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    ids("postgres")
        .or_else(|| ids("nobody"))
        .or(Some((65_534, 65_534)))
}

/// Whether a user may walk into a folder: every folder on the way lets others (or them) through.
pub(super) fn is_reachable(folder: &Path, (uid, gid): (u32, u32)) -> bool {
    folder.ancestors().all(|step| {
        std::fs::metadata(step).is_ok_and(|about| {
            let mode = about.permissions().mode();
            mode & 0o001 != 0
                || (about.uid() == uid && mode & 0o100 != 0)
                || (about.gid() == gid && mode & 0o010 != 0)
        })
    })
}

/// A folder that is there; with a user, it is theirs alone.
pub(super) fn make(folder: &Path, user: Option<(u32, u32)>) -> Result<(), PrivateError> {
    let fail = |error| PrivateError::Folder(folder.display().to_string(), error);
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent).map_err(fail)?;
    }
    if !folder.exists() {
        let mode = if folder
            .file_name()
            .is_some_and(|name| name == "postgres" || name.to_string_lossy().starts_with("mandi-"))
            || user.is_some()
        {
            0o700
        } else {
            0o755
        };
        std::fs::DirBuilder::new()
            .mode(mode)
            .create(folder)
            .map_err(fail)?;
    }
    if let Some((uid, gid)) = user {
        std::os::unix::fs::chown(folder, Some(uid), Some(gid)).map_err(fail)?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).map_err(fail)?;
    }
    Ok(())
}

/// Processes whose working folder this is.
pub(super) fn processes_in(folder: &Path) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == folder))
        .collect()
}

pub(super) fn signal(pid: u32, signal: i32) {
    if let Ok(pid) = i32::try_from(pid) {
        // SAFETY: kill touches no memory.
        unsafe { libc::kill(pid, signal) };
    }
}

pub(super) fn own_uid() -> u32 {
    // SAFETY: geteuid can't fail.
    unsafe { libc::geteuid() }
}
