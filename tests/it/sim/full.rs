//! A disk that is full at any commit, and has room again later: the program is not stopped, goes on by itself, and nothing is lost.

use super::*;

/// Plays the usual story with a disk that is full from the commit of this number on, until a pass has failed for it. Answers whether
/// one did.
async fn play_on_a_full_disk(cast: &Cast, outside: &Arc<Outside>, full_at: usize) -> bool {
    outside.fill_at(Some(full_at));
    let mut was_full = false;
    for scene in 0..SCENES {
        if scene > 0 {
            set(scene, outside).await;
        }
        let config = cast.config(scene);
        let world = outside.start();
        if outside.try_pass(&world, config).await.is_err() {
            assert!(!was_full, "it has room again");
            was_full = true;
            outside.fill_at(None);
            // As the daemon does: the same process, after a moment.
            world.release_all_deliveries().await.unwrap();
            outside.try_pass(&world, config).await.unwrap();
        }
        if scene > 2 && outside.start().store.waiting().await.unwrap().deliveries == 0 {
            break;
        }
    }
    was_full
}

#[tokio::test]
async fn a_disk_that_is_full_at_any_commit_loses_nothing_and_repeats_at_most_what_was_being_sent() {
    let cast = Cast::full();
    let (boundaries, feeds) = undisturbed(&cast).await;
    let mut fills = 0;
    for full_at in 1.. {
        let outside = opening().await;
        if !play_on_a_full_disk(&cast, &outside, full_at).await {
            break;
        }
        check(&cast, &outside, 1, &feeds, &format!("full at {full_at}"));
        gists_are_right(&outside, &format!("full at {full_at}")).await;
        fills = full_at;
    }
    assert!(fills > boundaries / 3, "{fills} of {boundaries} boundaries are commits");
    println!("a disk that was full at each of {fills} commits: nothing lost");
}
