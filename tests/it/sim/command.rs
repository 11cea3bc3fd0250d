//! Stories that end with an admin's command: before the last pass it is given, and can be stopped like the program; who saw no
//! answer gives it again.

use super::*;

/// Sets the scene before a pass.
pub(super) type Stage = fn(usize, Arc<Outside>) -> BoxFuture<'static, ()>;

/// What an admin has done.
pub(super) type Command = fn(World) -> BoxFuture<'static, ()>;

/// A story.
pub(super) struct Tale {
    pub(super) config: Config,
    pub(super) passes: usize,
    pub(super) stage: Stage,
    pub(super) command: Command,
}

impl Tale {
    /// The world in which everything up to `scene` has happened, and the stage of that is set.
    pub(super) async fn told_up_to(&self, scene: usize) -> Arc<Outside> {
        let start = Outside::new(FRIDAY);
        (self.stage)(0, start.clone()).await;
        for now in 0..scene {
            if now > 0 {
                (self.stage)(now, start.clone()).await;
            }
            assert!(start.pass(&self.config).await.is_some());
        }
        (self.stage)(scene, start.clone()).await;
        start
    }

    /// Plays from `scene` on, whose stage is set. Answers with the scene in which the program was stopped, if it was.
    async fn play(&self, outside: &Arc<Outside>, scene: usize, stop: Option<usize>) -> Option<usize> {
        outside.fuse.arm(stop);
        for now in scene..self.passes {
            if now > scene {
                (self.stage)(now, outside.clone()).await;
            }
            let is_last = now == self.passes - 1;
            let world = outside.start();
            let ordered = async {
                if is_last {
                    (self.command)(world).await;
                }
            };
            let stopped = tokio::select! {
                biased;
                () = outside.blown() => true,
                () = ordered => false,
            };
            if stopped || outside.pass(&self.config).await.is_none() {
                return Some(now);
            }
        }
        None
    }

    /// Plays it undisturbed, with every stop there is and with every two of them; `check` is told of how many stops, and which.
    pub(super) async fn hold(&self, scene: usize, what: &str, check: impl AsyncFn(&Arc<Outside>, usize, &str)) {
        let start = self.told_up_to(scene).await;
        let undisturbed = start.fork();
        assert_eq!(self.play(&undisturbed, scene, None).await, None);
        let boundaries = undisturbed.fuse.passed();
        check(&undisturbed, 0, "undisturbed").await;
        let (mut stops, mut pairs) = (0, 0);
        for first in 1.. {
            let stopped = start.fork();
            let Some(scene) = self.play(&stopped, scene, Some(first)).await else { break };
            let outside = stopped.fork();
            assert_eq!(self.play(&outside, scene, None).await, None);
            check(&outside, 1, &format!("stopped at {first}")).await;
            stops = first;
            for second in 1.. {
                let outside = stopped.fork();
                let Some(again) = self.play(&outside, scene, Some(second)).await else { break };
                assert_eq!(self.play(&outside, again, None).await, None);
                check(&outside, 2, &format!("stopped at {first} and then {second}")).await;
                pairs += 1;
            }
        }
        all_stopped(stops, boundaries);
        println!("{boundaries} boundaries, {stops} single stops, {pairs} pairs {what}");
    }
}
