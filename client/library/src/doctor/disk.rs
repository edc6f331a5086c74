//! Room where the node keeps its data.

use super::Finding;
use std::path::Path;

const GIB: u64 = 1 << 30;
/// Below this, database and logs may fill the disk within days.
const LOW: u64 = 10 * GIB;
/// Below this, a database may be damaged by the next compaction.
const VERY_LOW: u64 = GIB;

pub fn examine(base_path: Option<&Path>) -> Finding {
    let Some(path) = base_path else {
        return Finding::warn("disk", "not looked at", "give --base-path, the node's data");
    };
    match rustix::fs::statvfs(path) {
        Err(why) => Finding::fail(
            "disk",
            format!("cannot look at {}: {why}", path.display()),
            "give the node's own --base-path, as a user who may see it",
        ),
        Ok(space) => judge(
            space.f_bavail.saturating_mul(space.f_frsize),
            space.f_blocks.saturating_mul(space.f_frsize),
        ),
    }
}

/// Bytes free and in all.
fn judge(free: u64, all: u64) -> Finding {
    let seen = format!("{:.1} GiB free of {:.1} GiB", free as f64 / GIB as f64, all as f64 / GIB as f64);
    let advice = "make room or enlarge the volume before the node stops; `--blocks-pruning` keeps less";
    if free < VERY_LOW {
        Finding::fail("disk", seen, advice)
    } else if free < LOW {
        Finding::warn("disk", seen, advice)
    } else {
        Finding::ok("disk", seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn little_room_is_said_in_time() {
        assert_eq!(judge(50 * GIB, 100 * GIB).level, Level::Ok);
        assert_eq!(judge(LOW - 1, 100 * GIB).level, Level::Warn);
        assert_eq!(judge(VERY_LOW - 1, 100 * GIB).level, Level::Fail);
        assert_eq!(examine(None).level, Level::Warn);
        assert_eq!(examine(Some(Path::new("/no/such/place"))).level, Level::Fail);
        assert!(examine(Some(&std::env::temp_dir())).seen.contains("GiB free"));
    }
}
