//! What a process costs: its processor time and its memory, as Linux counts them.

#![allow(dead_code, reason = "no benchmark uses all of it")]

use rustix::time::{ClockId, clock_gettime};

/// User and system time of this process, in seconds.
pub(super) fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// User and system time of another process; a tick is a hundredth of a second (proc(5)).
pub(super) fn cpu_seconds_of(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}

/// From here on the kernel's high-water mark is of what is to come (proc(5), `clear_refs`).
pub(super) fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
}

/// MiB that were resident at most.
pub(super) fn peak_mib() -> f64 {
    mib("self", "VmHWM:")
}

/// MiB that are resident.
pub(super) fn resident_mib() -> f64 {
    mib("self", "VmRSS:")
}

/// A line of `/proc/<process>/status`, in MiB.
pub(super) fn mib(process: &str, field: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}
