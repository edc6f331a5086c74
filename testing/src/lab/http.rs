//! The node's HTTP client, connected to the fake worker. Its clock moves only when somebody waits, which
//! shows what a round costs.

use super::worker::{Answers, Behaviour, Exchange, FakeWorker, URL};
use sp_core::{
    OpaquePeerId,
    offchain::{
        Externalities, HttpError, HttpRequestId, HttpRequestStatus, OpaqueNetworkState, Timestamp,
        testing::TestOffchainExt,
    },
};
use std::sync::{Arc, Mutex, MutexGuard};

pub(super) struct HttpClient<A> {
    clock: TestOffchainExt,
    worker: Arc<Mutex<FakeWorker<A>>>,
}

impl<A: Answers> HttpClient<A> {
    pub(super) fn new(clock: &TestOffchainExt, worker: &Arc<Mutex<FakeWorker<A>>>) -> Self {
        HttpClient { clock: clock.clone(), worker: worker.clone() }
    }

    fn worker(&self) -> MutexGuard<'_, FakeWorker<A>> {
        self.worker.lock().unwrap()
    }

    /// The deadline, which every call must have and which must be near enough.
    fn checked(&mut self, deadline: Option<Timestamp>) -> Timestamp {
        let deadline = deadline.expect("every call has a deadline");
        let latest = self.timestamp().unix_millis() + galen_offchain::CALL_MILLIS;
        assert!(deadline.unix_millis() <= latest, "a call may take too long");
        deadline
    }
}

fn place(id: HttpRequestId) -> usize {
    usize::from(id.0)
}

impl<A: Answers> Externalities for HttpClient<A> {
    fn is_validator(&self) -> bool {
        true
    }
    fn network_state(&self) -> Result<OpaqueNetworkState, ()> {
        Err(())
    }
    fn timestamp(&mut self) -> Timestamp {
        self.clock.timestamp()
    }
    fn sleep_until(&mut self, deadline: Timestamp) {
        self.clock.sleep_until(deadline)
    }
    fn random_seed(&mut self) -> [u8; 32] {
        [0; 32]
    }
    fn http_request_start(&mut self, method: &str, uri: &str, _: &[u8]) -> Result<HttpRequestId, ()> {
        assert_eq!((method, uri), ("POST", URL));
        let mut worker = self.worker();
        worker.exchanges.push(Exchange::default());
        Ok(HttpRequestId(u16::try_from(worker.exchanges.len() - 1).unwrap()))
    }
    fn http_request_add_header(&mut self, id: HttpRequestId, name: &str, value: &str) -> Result<(), ()> {
        self.worker().exchanges[place(id)].headers.push((name.into(), value.into()));
        Ok(())
    }
    fn http_request_write_body(
        &mut self,
        id: HttpRequestId,
        chunk: &[u8],
        deadline: Option<Timestamp>,
    ) -> Result<(), HttpError> {
        self.checked(deadline);
        let mut worker = self.worker();
        if worker.behaviour == Behaviour::Down {
            return Err(HttpError::IoError);
        }
        worker.exchanges[place(id)].body.extend(chunk);
        // An empty chunk ends the request.
        if chunk.is_empty() {
            worker.take_request(place(id));
        }
        Ok(())
    }
    fn http_response_wait(
        &mut self,
        ids: &[HttpRequestId],
        deadline: Option<Timestamp>,
    ) -> Vec<HttpRequestStatus> {
        let deadline = self.checked(deadline);
        if self.worker().behaviour == Behaviour::Hangs {
            self.sleep_until(deadline);
            return vec![HttpRequestStatus::DeadlineReached; ids.len()];
        }
        let worker = self.worker();
        let status = |id: &HttpRequestId| worker.exchanges[place(*id)].answer.as_ref().unwrap().0;
        ids.iter().map(|id| HttpRequestStatus::Finished(status(id))).collect()
    }
    fn http_response_headers(&mut self, _: HttpRequestId) -> Vec<(Vec<u8>, Vec<u8>)> {
        Vec::new()
    }
    fn http_response_read_body(
        &mut self,
        id: HttpRequestId,
        buffer: &mut [u8],
        deadline: Option<Timestamp>,
    ) -> Result<usize, HttpError> {
        let deadline = self.checked(deadline);
        if self.worker().behaviour == Behaviour::HangsInBody {
            self.sleep_until(deadline);
            return Err(HttpError::DeadlineReached);
        }
        let mut worker = self.worker();
        let exchange = &mut worker.exchanges[place(id)];
        let left = &exchange.answer.as_ref().unwrap().1[exchange.read..];
        let count = left.len().min(buffer.len());
        buffer[..count].copy_from_slice(&left[..count]);
        exchange.read += count;
        Ok(count)
    }
    fn set_authorized_nodes(&mut self, _: Vec<OpaquePeerId>, _: bool) {}
}
