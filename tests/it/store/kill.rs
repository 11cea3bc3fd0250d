//! A process that writes is killed, or its disk is full: what it was told is kept, is kept.
//!
//! The process is this test binary itself, started again to run one of the ignored tests below.

use boardwatch::store::engine::{Engine, EngineError, Write, prefix_range};
use boardwatch::store::sled::SledEngine;
use std::collections::{BTreeMap, HashMap};
use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

const FOLDER: &str = "BOARDWATCH_TEST_STORE";
const WRITERS: usize = 6;

fn command(shell: &str, test: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{shell} exec \"$0\" \"$@\"")]).arg(env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"]);
    command.env(FOLDER, folder).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs until killed; started by the test below"]
async fn writes_until_killed() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let engine = Arc::new(SledEngine::open(Path::new(&folder)).unwrap());
    // Beside them, what they write is written anew again and again.
    let anew = Arc::clone(&engine);
    tokio::spawn(async move {
        loop {
            anew.rewrite().await.unwrap();
            // So that they get on.
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    });
    let writers = (0..WRITERS).map(|writer| {
        let engine = Arc::clone(&engine);
        tokio::spawn(async move {
            let prefix = format!("w/{writer}/");
            let mut n = engine.scan(prefix_range(prefix.as_bytes()), usize::MAX).await.unwrap().len() / 3;
            loop {
                let parts = ["a", "b", "c"].map(|part| Write::Put(format!("{prefix}{n:06}/{part}").into(), vec![b'x'; 300]));
                engine.commit(vec![], parts.to_vec()).await.unwrap();
                println!("kept {writer} {n}");
                n += 1;
            }
        })
    });
    futures::future::try_join_all(writers).await.unwrap();
}

#[test]
fn a_killed_process_loses_no_commit_it_was_told_of_and_leaves_no_half_of_one() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut kept: HashMap<usize, usize> = HashMap::new();
    for round in 1..=4 {
        let mut child = command("", "store::kill::writes_until_killed", folder.path()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut seen = 0;
        for line in &mut lines {
            let line = line.unwrap();
            // The harness may have begun this line with words of its own.
            let Some((_, acknowledged)) = line.split_once("kept ") else { continue };
            let Some((writer, n)) = acknowledged.split_once(' ') else { continue };
            let (Ok(writer), Ok(n)) = (writer.parse(), n.parse()) else { continue };
            kept.insert(writer, n);
            seen += 1;
            if seen == 150 * round {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(seen >= 150 * round, "the writing process stopped by itself after {seen} commits");

        let engine = SledEngine::open(folder.path()).unwrap();
        let rows = runtime.block_on(engine.scan(prefix_range(b"w/"), usize::MAX)).unwrap();
        let mut parts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (key, _) in rows {
            let key = String::from_utf8(key).unwrap();
            let [_, writer, n, _] = key.split('/').collect::<Vec<_>>().try_into().unwrap();
            *parts.entry((writer.parse().unwrap(), n.parse().unwrap())).or_default() += 1;
        }
        assert!(parts.values().all(|&count| count == 3), "half a commit");
        for (&writer, &last) in &kept {
            assert!((0..=last).all(|n| parts.contains_key(&(writer, n))), "writer {writer} lost one of {last}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a limit on the size of files; started by the test below"]
async fn writes_until_full_and_then_goes_on() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let engine = SledEngine::open(Path::new(&folder)).unwrap();
    let mut kept = Vec::new();
    let why = loop {
        let key = format!("k/{:06}", kept.len());
        match engine.commit(vec![], vec![Write::Put(key.clone().into(), vec![b'x'; 3_000])]).await {
            Ok(_) => kept.push(key),
            Err(why) => break why,
        }
    };
    assert!(matches!(why, EngineError::Io { .. }), "{why}");
    for key in &kept {
        if let Err(why) = engine.get(key.clone().into()).await {
            assert!(matches!(why, EngineError::Io { .. }), "{why}");
        }
    }
    println!("full after {}", kept.len());
    let mut tries = 0;
    while let Err(why) = engine.commit(vec![], vec![Write::Put("after".into(), vec![])]).await {
        assert!(matches!(why, EngineError::Io { .. }), "{why}");
        tokio::time::sleep(Duration::from_millis(50)).await;
        tries += 1;
        assert!(tries < 400, "there is space again and it does not see it: {why}");
    }
    for key in &kept {
        assert!(engine.get(key.clone().into()).await.unwrap().is_some(), "{key} is lost");
    }
    println!("went on with {}", kept.len());
}

#[test]
fn a_full_disk_is_said_loses_nothing_and_is_forgotten_when_there_is_space() {
    let folder = tempfile::tempdir().unwrap();
    let limited = "trap '' XFSZ; ulimit -S -f 60000;";
    let mut child = command(limited, "store::kill::writes_until_full_and_then_goes_on", folder.path()).spawn().unwrap();
    let mut seen = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if line.contains("full after") {
            let freed = Command::new("prlimit").args(["--pid", &child.id().to_string(), "--fsize=unlimited"]).status();
            assert!(freed.unwrap().success(), "prlimit (of util-linux) gives the space back");
        }
        seen.push(line);
    }
    assert!(child.wait().unwrap().success(), "{seen:#?}");
    assert!(seen.iter().any(|line| line.contains("went on with")), "{seen:#?}");
}
