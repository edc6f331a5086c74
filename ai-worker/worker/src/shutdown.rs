//! Stopping, in one place.

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// A wish to stop that everyone can wait for.
#[derive(Clone)]
pub struct Shutdown(watch::Receiver<bool>);

/// Makes the wish known. Dropping it counts as a wish.
pub struct Trigger(watch::Sender<bool>);

impl Trigger {
    /// Says stop.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

/// A pair of both.
pub fn channel() -> (Trigger, Shutdown) {
    let (sender, receiver) = watch::channel(false);
    (Trigger(sender), Shutdown(receiver))
}

impl Shutdown {
    /// Returns once stopping is wished for.
    pub async fn requested(&self) {
        let mut receiver = self.0.clone();
        // An error means that the trigger is gone, which is a wish to stop as well.
        let _ = receiver.wait_for(|stop| *stop).await;
    }
}

/// Stops on SIGINT and SIGTERM. A second signal ends the process at once.
pub fn on_signals(trigger: Trigger) -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        for count in 0.. {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if count > 0 {
                std::process::exit(130);
            }
            tracing::info!("stopping");
            trigger.stop();
        }
    });
    Ok(())
}
