//! The thread that llama.cpp lives on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use crate::llama::{Answer, Loaded, Session};
use crate::note::Note;
use crate::reading::Reading;
use crate::segment::Segment;
use crate::summary::Summary;
use crate::{CancelFlag, EngineError, EngineSettings, ModelInfo};

/// Requests that wait at most; whoever comes then waits, without holding up the runtime.
const QUEUE: usize = 8;

/// How long a summary took. Kept apart from it, so that equal notes have equal summaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// From the request until its turn.
    pub waited: Duration,
    /// De-identifying, decoding, grounding.
    pub worked: Duration,
}

/// A loaded model. Dropping it ends its thread after at most one more token.
pub struct Engine {
    info: ModelInfo,
    queue: Option<mpsc::Sender<Request>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

enum Request {
    Summary { note: Note, cancel: CancelFlag, asked: Instant, reply: Reply<(Summary, Timings)> },
    Answer { segment: Segment, free: bool, reply: Reply<Answer> },
    Tokens { text: String, reply: Reply<Vec<i32>> },
}

type Reply<T> = oneshot::Sender<Result<T, EngineError>>;

impl Engine {
    /// Loads a model and starts its thread. Takes as long as reading the file; call it before serving, or
    /// from a thread that may block.
    ///
    /// # Errors
    /// [`EngineError`] says what is wrong with the file or the settings.
    pub fn load(settings: EngineSettings) -> Result<Self, EngineError> {
        let (queue, requests) = mpsc::channel(QUEUE);
        let (ready, loaded) = std::sync::mpsc::sync_channel(1);
        let stopping = Arc::new(AtomicBool::new(false));
        let stop = stopping.clone();
        let thread = std::thread::Builder::new()
            .name("llama".to_owned())
            .spawn(move || match catch_unwind(|| Loaded::open(&settings)) {
                Ok(Ok((model, info))) => {
                    let _ = ready.send(Ok(info));
                    serve(&model, requests, &stop);
                }
                Ok(Err(error)) => {
                    let _ = ready.send(Err(error));
                }
                Err(_) => {
                    let _ = ready.send(Err(EngineError::Load("llama.cpp's binding panicked on it")));
                }
            })
            .map_err(|error| EngineError::File(error.kind()))?;
        let info = loaded.recv().map_err(|_| EngineError::Stopped)??;
        Ok(Self { info, queue: Some(queue), stopping, thread: Some(thread) })
    }

    /// What a receipt says about model and engine.
    #[must_use]
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// Summarises a note. The same note gives the same summary, byte for byte.
    ///
    /// Dropping the future cancels, too.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`], [`EngineError::Stopped`], [`EngineError::Decode`] or
    /// [`EngineError::Panicked`].
    pub async fn summarise(&self, note: &Note, cancel: CancelFlag) -> Result<Summary, EngineError> {
        self.summarise_timed(note, cancel).await.map(|(summary, _)| summary)
    }

    /// [`Engine::summarise`], and how long it took.
    ///
    /// # Errors
    /// As [`Engine::summarise`].
    pub async fn summarise_timed(
        &self,
        note: &Note,
        cancel: CancelFlag,
    ) -> Result<(Summary, Timings), EngineError> {
        let (reply, answer) = oneshot::channel();
        let note = note.clone();
        self.ask(Request::Summary { note, cancel, asked: Instant::now(), reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)?
    }

    /// The model's raw answer about one segment, under the grammar or, if `free`, without: for measuring.
    ///
    /// # Errors
    /// As [`Engine::summarise`].
    pub async fn answer(&self, segment: &Segment, free: bool) -> Result<Answer, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Request::Answer { segment: segment.clone(), free, reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)?
    }

    /// The tokens of a text as they stand in prompts: control tokens are not recognised in it.
    ///
    /// # Errors
    /// [`EngineError::Stopped`].
    pub async fn tokens(&self, text: &str) -> Result<Vec<i32>, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Request::Tokens { text: text.to_owned(), reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)?
    }

    /// Ends the thread: what waits or is under way fails with [`EngineError::Stopped`].
    pub async fn shutdown(mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }

    async fn ask(&self, request: Request) -> Result<(), EngineError> {
        let queue = self.queue.as_ref().ok_or(EngineError::Stopped)?;
        queue.send(request).await.map_err(|_| EngineError::Stopped)
    }

    fn stop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.queue = None;
    }
}

impl Drop for Engine {
    /// Waits for the thread, because llama.cpp must not compute while the process ends.
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Serves requests until the queue closes. After a panic or a failed decode the context is made anew.
fn serve(model: &Loaded, mut requests: mpsc::Receiver<Request>, stop: &AtomicBool) {
    let mut session = None;
    while let Some(request) = requests.blocking_recv() {
        match request {
            Request::Summary { note, cancel, asked, reply } => {
                let begun = Instant::now();
                let check = || check(stop, cancel.is_cancelled() || reply.is_closed());
                let summary = with_session(model, &mut session, |session| summarise(session, &note, &check));
                let timings = Timings { waited: begun - asked, worked: begun.elapsed() };
                let _ = reply.send(summary.map(|summary| (summary, timings)));
            }
            Request::Answer { segment, free, reply } => {
                let check = || check(stop, reply.is_closed());
                let answer =
                    with_session(model, &mut session, |session| session.answer(&segment, free, &check));
                let _ = reply.send(answer);
            }
            Request::Tokens { text, reply } => {
                let _ = reply.send(Ok(model.tokens(&text)));
            }
        }
    }
}

fn check(stop: &AtomicBool, cancelled: bool) -> Result<(), EngineError> {
    if stop.load(Ordering::Relaxed) {
        Err(EngineError::Stopped)
    } else if cancelled {
        Err(EngineError::Cancelled)
    } else {
        Ok(())
    }
}

fn with_session<'m, T>(
    model: &'m Loaded,
    slot: &mut Option<Session<'m>>,
    work: impl FnOnce(&mut Session<'m>) -> Result<T, EngineError>,
) -> Result<T, EngineError> {
    let mut session = match slot.take() {
        Some(session) => session,
        None => model.session()?,
    };
    // The session does not outlive a panic, so that no half-changed state can be seen.
    let result = catch_unwind(AssertUnwindSafe(|| work(&mut session))).unwrap_or(Err(EngineError::Panicked));
    if !matches!(result, Err(EngineError::Panicked | EngineError::Decode)) {
        *slot = Some(session);
    }
    result
}

fn summarise(
    session: &mut Session<'_>,
    note: &Note,
    check: &dyn Fn() -> Result<(), EngineError>,
) -> Result<Summary, EngineError> {
    check()?;
    let reading = Reading::new(note);
    let answers = Reading::answers(&reading.segments, |segment| session.answer(segment, false, check))?;
    check()?;
    Ok(reading.summary(&answers))
}
