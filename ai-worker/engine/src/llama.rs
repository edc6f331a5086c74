//! llama.cpp: a loaded model, and greedy decoding under a grammar.

use std::fs::File;
use std::io::Read;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::OnceLock;

use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::{LogOptions, send_logs_to_tracing};

use crate::grammar::Grammar;
use crate::prompt::Prompt;
use crate::segment::Segment;
use crate::trie::Trie;
use crate::{EngineError, EngineSettings, ModelInfo};

/// Tokens of an answer at most.
pub(super) const MAX_ANSWER: usize = 512;
/// A context must hold the template and this many tokens more.
const MIN_CONTEXT: usize = 384;
/// Tokens of a prompt that are decoded at once; between such batches a decode can be cancelled.
const BATCH: usize = 256;
/// Models of fewer parameters are computed on one thread.
const SMALL: u64 = 30_000_000;
/// The versions of `Cargo.lock`, which a test compares.
const LLAMA_CPP_2: &str = "0.1.160";
const LLAMA_CPP_SYS_2: &str = "0.1.161";

/// BLAKE2b with 256 bits.
type Hasher = Blake2b<U32>;

/// A model in memory.
pub(super) struct Loaded {
    backend: &'static LlamaBackend,
    model: LlamaModel,
    prompt: Prompt,
    trie: Trie,
    context: u32,
    threads: i32,
}

/// What a model answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub text: String,
    pub prompt_tokens: u32,
    pub output_tokens: u32,
    /// The answer was cut off, or the prompt did not fit into the context.
    pub truncated: bool,
}

impl Loaded {
    /// Loads a GGUF.
    ///
    /// # Errors
    /// [`EngineError`] says what is wrong with the file or the settings.
    pub fn open(settings: &EngineSettings) -> Result<(Self, ModelInfo), EngineError> {
        let model_hash = inspect(&settings.model)?;
        let backend = backend()?;
        // Read rather than mapped: a file that is cut short while it is mapped kills the process.
        let parameters = LlamaModelParams::default().with_n_gpu_layers(0).with_use_mmap(false);
        let model = LlamaModel::load_from_file(backend, &settings.model, &parameters).map_err(|_| {
            EngineError::Load("llama.cpp cannot load it: it is truncated, damaged or of an unknown kind")
        })?;
        let prompt = Prompt::of(&model)?;

        // Beyond what it was trained on a model sees positions that it does not know.
        let context = settings.context.min(model.n_ctx_train());
        let needed = prompt.fixed_tokens() + MIN_CONTEXT;
        if (context as usize) < needed {
            return Err(EngineError::Context {
                given: context,
                needed: u32::try_from(needed).unwrap_or(u32::MAX),
            });
        }
        let name = model.meta_val_str("general.name").ok().filter(|name| !name.trim().is_empty());
        let engine_build = format!(
            "galen-engine {}, llama-cpp-2 {LLAMA_CPP_2}, llama-cpp-sys-2 {LLAMA_CPP_SYS_2}, {}",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::ARCH
        );
        let parameters = format!(
            r#"{{"answer_tokens":{MAX_ANSWER},"batch":{BATCH},"context":{context},"decoding":"greedy","grammar":"galen-words-v1","passed_over":"once"}}"#
        );
        let info = ModelInfo {
            name: name.unwrap_or_else(|| "unnamed".to_owned()),
            model_hash,
            template_hash: hash(prompt.description.as_bytes()),
            parameters_hash: hash(parameters.as_bytes()),
            engine_hash: hash(engine_build.as_bytes()),
            engine_build,
        };
        let trie = Trie::new(pieces(&model));
        // Threads of a small model wait for one another longer than they compute: 2 M parameters on two busy
        // cores took a hundred times as long on two threads as on one.
        let threads = if model.n_params() < SMALL { 1 } else { settings.threads.max(1) };
        let threads = i32::try_from(threads).unwrap_or(1);
        Ok((Self { backend, model, prompt, trie, context, threads }, info))
    }

    /// The tokens of a text.
    pub fn tokens(&self, text: &str) -> Vec<i32> {
        self.model.vocab().tokenize(text.as_bytes(), false, false).iter().map(|token| token.0).collect()
    }

    /// A fresh context to decode in.
    ///
    /// # Errors
    /// [`EngineError::Load`] when there is not enough memory.
    pub fn session(&self) -> Result<Session<'_>, EngineError> {
        let batch = u32::try_from(BATCH).unwrap_or(u32::MAX);
        let parameters = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(self.context))
            .with_n_batch(batch)
            .with_n_ubatch(batch)
            .with_n_threads(self.threads)
            .with_n_threads_batch(self.threads);
        let context = self
            .model
            .new_context(self.backend, parameters)
            .map_err(|_| EngineError::Load("llama.cpp cannot make a context of that size"))?;
        Ok(Session { loaded: self, context, batch: LlamaBatch::new(BATCH, 1) })
    }
}

/// A context, used for one segment after another.
pub(super) struct Session<'m> {
    loaded: &'m Loaded,
    context: LlamaContext<'m>,
    batch: LlamaBatch<'static>,
}

impl Session<'_> {
    /// Reads a segment and answers, greedily: under the grammar of the segment, or freely (to measure the
    /// model alone).
    ///
    /// # Errors
    /// [`EngineError::Stopped`] when `stop` says so between tokens; [`EngineError::Decode`].
    pub fn answer(
        &mut self,
        segment: &Segment,
        free: bool,
        stop: &dyn Fn() -> Result<(), EngineError>,
    ) -> Result<Answer, EngineError> {
        let loaded = self.loaded;
        let prompt = loaded.prompt.tokens(&loaded.model, segment);
        let mut answer = Answer { prompt_tokens: count(prompt.len()), ..Answer::default() };
        let room = (loaded.context as usize).saturating_sub(prompt.len()).min(MAX_ANSWER);
        if room == 0 {
            answer.truncated = true;
            return Ok(answer);
        }
        let grammar = Grammar::new(segment, loaded.prompt.lower());
        let mut state = grammar.start();
        let mut written = Vec::new();

        self.context.clear_kv_cache();
        self.read(&prompt, stop)?;
        let mut position = prompt.len();
        loop {
            stop()?;
            let logits = self.context.get_logits_ith(self.batch.n_tokens() - 1);
            let vocab = loaded.model.vocab();
            let chosen = if free {
                best(logits.iter().copied().enumerate()).filter(|&token| !vocab.is_eog(token_of(token)))
            } else {
                let mut allowed = Vec::new();
                loaded.trie.allowed(&grammar, &state, &mut |token, next| allowed.push((token, next.clone())));
                let chosen =
                    best(allowed.iter().filter_map(|(token, _)| Some((*token, *logits.get(*token)?))));
                if let Some(next) = allowed.into_iter().find(|(token, _)| Some(*token) == chosen) {
                    state = next.1;
                }
                chosen
            };
            let Some(token) = chosen else {
                // Freely, the model has ended. Under the grammar no token spells what must come next.
                answer.truncated = !free;
                break;
            };
            written.extend_from_slice(loaded.trie.piece(token));
            answer.output_tokens += 1;
            if !free && state.is_done() {
                break;
            }
            if answer.output_tokens as usize >= room {
                answer.truncated = true;
                break;
            }
            self.batch.clear();
            self.add(token_of(token), position, true)?;
            self.decode()?;
            position += 1;
        }
        answer.text = String::from_utf8_lossy(&written).into_owned();
        Ok(answer)
    }

    /// Decodes a prompt, the logits of its last token included.
    fn read(
        &mut self,
        prompt: &[LlamaToken],
        stop: &dyn Fn() -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let last = prompt.len().saturating_sub(1);
        for (index, part) in prompt.chunks(BATCH).enumerate() {
            stop()?;
            self.batch.clear();
            for (offset, token) in part.iter().enumerate() {
                let position = index * BATCH + offset;
                self.add(*token, position, position == last)?;
            }
            self.decode()?;
        }
        Ok(())
    }

    fn add(&mut self, token: LlamaToken, position: usize, logits: bool) -> Result<(), EngineError> {
        let position = i32::try_from(position).map_err(|_| EngineError::Decode)?;
        self.batch.add(token, position, &[0], logits).map_err(|_| EngineError::Decode)
    }

    fn decode(&mut self) -> Result<(), EngineError> {
        self.context.decode(&mut self.batch).map_err(|_| EngineError::Decode)
    }
}

/// The token of the highest logit, of equal ones that of the lowest number. What is not a number loses.
fn best(logits: impl Iterator<Item = (usize, f32)>) -> Option<usize> {
    let better =
        |a: (usize, f32), b: (usize, f32)| if b.1 > a.1 || (b.1 == a.1 && b.0 < a.0) { b } else { a };
    logits.filter(|(_, logit)| !logit.is_nan()).reduce(better).map(|(token, _)| token)
}

fn token_of(index: usize) -> LlamaToken {
    LlamaToken::new(i32::try_from(index).unwrap_or(i32::MAX))
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The bytes of every token; none of those that text is not made of.
fn pieces(model: &LlamaModel) -> Vec<Vec<u8>> {
    let vocab = model.vocab();
    let text = |token| !vocab.is_control(token) && !vocab.is_eog(token);
    vocab
        .tokens()
        .map(|token| if text(token) { vocab.token_to_piece(token, false, None) } else { vec![] })
        .collect()
}

/// llama.cpp's process-wide state, made once and never freed. Its logs are dropped unless asked for; they
/// never hold text.
fn backend() -> Result<&'static LlamaBackend, EngineError> {
    static BACKEND: OnceLock<Option<LlamaBackend>> = OnceLock::new();
    let backend = BACKEND.get_or_init(|| {
        let wanted = tracing::enabled!(target: "llama-cpp-2", tracing::Level::DEBUG);
        send_logs_to_tracing(LogOptions::default().with_logs_enabled(wanted));
        LlamaBackend::init().ok()
    });
    backend.as_ref().ok_or(EngineError::Load("llama.cpp does not start"))
}

/// Checks that a file is a GGUF and hashes it.
fn inspect(path: &Path) -> Result<[u8; 32], EngineError> {
    let unreadable = |error: std::io::Error| EngineError::File(error.kind());
    let mut file = File::open(path).map_err(unreadable)?;
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 1 << 20];
    let mut head = Vec::new();
    loop {
        let read = file.read(&mut buffer).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        if head.len() < 24 {
            head.extend_from_slice(&buffer[..read.min(24)]);
        }
        if !head.starts_with(&b"GGUF"[..head.len().min(4)]) {
            return Err(EngineError::NotGguf);
        }
        hasher.update(&buffer[..read]);
    }
    // Magic, version, number of tensors, number of metadata keys.
    if head.len() < 24 {
        return Err(if head.len() < 4 { EngineError::NotGguf } else { EngineError::Load("it is truncated") });
    }
    let version = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
    if !(2..=3).contains(&version) {
        return Err(EngineError::Load("its GGUF version is neither 2 nor 3"));
    }
    Ok(hasher.finalize().into())
}

/// BLAKE2b-256.
pub(super) fn hash(bytes: &[u8]) -> [u8; 32] {
    Hasher::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_names_the_versions_in_use() {
        let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock"))
            .expect("Cargo.lock");
        for (name, version) in [("llama-cpp-2", LLAMA_CPP_2), ("llama-cpp-sys-2", LLAMA_CPP_SYS_2)] {
            assert!(lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"")), "{name}");
        }
    }

    #[test]
    fn greedy_is_deterministic() {
        assert_eq!(best([(3, 1.0), (1, 2.0), (2, 2.0)].into_iter()), Some(1));
        assert_eq!(best([(0, f32::NAN), (1, f32::NEG_INFINITY)].into_iter()), Some(1));
        assert_eq!(best(std::iter::empty()), None);
    }
}
