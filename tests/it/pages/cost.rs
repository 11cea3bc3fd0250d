//! What work costs: the time that the processor spent on this thread, the least of several tries, and how it grows with
//! what is worked on. A busy machine takes longer by the clock and fails nothing here.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

const TRIES: usize = 3;
/// Linear work on so many times as much.
const TIMES: u32 = 4;
/// Work may cost this much more for each byte of the longer page: caches and tables grow too. Quadratic work on four times
/// as much costs four times as much for each byte.
const SLACK: u32 = 3;

/// What it costs to do this.
pub fn of(mut work: impl FnMut()) -> Duration {
    let mut tried = || {
        let started = spent();
        work();
        spent().saturating_sub(started)
    };
    (0..TRIES).map(|_| tried()).min().unwrap_or_default()
}

/// Fails where twice in a row four times as much costs far more than four times as much.
pub fn grows_with_length(name: &str, length: usize, mut work: impl FnMut(usize)) {
    let lengths = [length, length * TIMES as usize, length * (TIMES * TIMES) as usize];
    let costs = lengths.map(|length| of(|| work(length)));
    let [short, middle, long] = costs;
    let jumps = |less: Duration, more: Duration| more > less * TIMES * SLACK;
    assert!(!(jumps(short, middle) && jumps(middle, long)) && long < short * TIMES * TIMES * SLACK * SLACK, "{name}: {costs:?}");
}

fn spent() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}
