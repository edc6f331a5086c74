//! Runs the transaction pool's tasks, which are essential: the node ends when one of them fails.
//!
//! The task manager gives up an essential task when the node shuts down; one that ends before that has
//! failed. But one of the pool's tasks blocks its thread until the pool is gone, and cannot be given up. At
//! every clean shutdown it was the last to end, and was told of as a failure.

use sc_service::SpawnEssentialTaskHandle;
use sp_core::traits::SpawnEssentialNamed;
use std::future::Future;

/// Spawns the pool's tasks so that their end in a shutdown is no failure.
#[derive(Clone)]
pub struct PoolTasks(SpawnEssentialTaskHandle);

impl PoolTasks {
    /// Makes essential tasks of those that `spawner`'s task manager runs.
    pub fn new(spawner: SpawnEssentialTaskHandle) -> Self {
        Self(spawner)
    }
}

/// Ends one poll later than `task`. In between the task manager looks whether the node shuts down, and if so
/// asks no more.
async fn ending_late(task: impl Future<Output = ()>) {
    task.await;
    tokio::task::yield_now().await;
}

impl SpawnEssentialNamed for PoolTasks {
    fn spawn_essential_blocking(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        task: futures::future::BoxFuture<'static, ()>,
    ) {
        self.0.spawn_blocking(name, group, ending_late(task));
    }

    fn spawn_essential(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        task: futures::future::BoxFuture<'static, ()>,
    ) {
        self.0.spawn(name, group, ending_late(task));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sc_service::TaskManager;

    // That a shutdown is no failure is seen from outside: tests/node/stop.rs.
    #[test]
    fn a_pool_that_fails_ends_the_node() {
        for blocking in [false, true] {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let mut manager = TaskManager::new(runtime.handle().clone(), None).unwrap();
            let tasks = PoolTasks::new(manager.spawn_essential_handle());
            let task = Box::pin(async {});
            if blocking {
                tasks.spawn_essential_blocking("pool", None, task);
            } else {
                tasks.spawn_essential("pool", None, task);
            }
            assert!(runtime.block_on(manager.future()).is_err());
        }
    }
}
