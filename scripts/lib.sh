# What the scripts share; sourced, not run. Sets `top` and the build's environment.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/galen

# The runtime's builder looks for Cargo.lock above the target directory, which may lie elsewhere.
export WASM_BUILD_WORKSPACE_HINT=$top

# A clone made for one run leaves its build where the next clone finds it.
if [ -n "${CI:-}" ]; then
  export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
fi
target=${CARGO_TARGET_DIR:-$top/target}
# Programs built elsewhere can be used as they are.
bin=${GALEN_BIN:-$target/release}

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

# The toolchain of rust-toolchain.toml.
pinned() { sed -n 's/^channel *= *"\(.*\)"/\1/p' "$top/rust-toolchain.toml"; }

# Which toolchain builds the native side and which the runtime, once scripts/setup has run. Where rustup has neither the
# pinned toolchain nor its wasm target, Debian's (linked into rustup as debian-web) does that part; without rustup all is Debian's.
use_toolchain() {
  command -v rustup >/dev/null || return 0
  local pin
  pin=$(pinned)
  if ! rustup toolchain list | grep -q "^$pin"; then
    export RUSTUP_TOOLCHAIN=debian-web
  elif [ ! -d "$(rustup run "$pin" rustc --print sysroot)/lib/rustlib/wasm32v1-none/lib" ]; then
    export WASM_BUILD_TOOLCHAIN=debian-web
  fi
}

# Builds the three programs.
build() {
  [ -z "${GALEN_BIN:-}" ] || return 0
  use_toolchain
  (cd "$top" && cargo build --release --locked --workspace --bins)
}

# wait_for SECONDS WHAT COMMAND...: until COMMAND succeeds; fails with WHAT when the time is over.
wait_for() {
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt "$until" ] || die "waited too long for $what"
    sleep 0.2
  done
}

# A port of loopback on which nothing listens.
free_port() {
  local port
  while :; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
    (: </dev/tcp/127.0.0.1/$port) 2>/dev/null || { echo "$port"; return; }
  done
}

# A fresh secret in FILE, readable by its owner alone.
new_key() { (umask 077 && printf '0x%s\n' "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')" >"$1"); }

# Starting and stopping one dev node and one worker in $run; used by the demo and the end-to-end test.
node_pid='' worker_pid=''

# start_node [ARG...]: needs $run; sets node_pid, node_port. A second call continues with the same database and port.
start_node() {
  node_port=${node_port:-$(free_port)}
  p2p_port=${p2p_port:-$(free_port)}
  "$bin/galen-node" --dev --base-path "$run/node" --rpc-port "$node_port" --port "$p2p_port" --no-prometheus \
    --worker-url "http://127.0.0.1:$worker_port" --worker-token-file "$run/worker/tokens/node" "$@" >>"$run/node.log" 2>&1 &
  node_pid=$!
  export GALEN_NODE=ws://127.0.0.1:$node_port
  wait_for 120 "the node (see $run/node.log)" "$bin/galen" network status
}

# start_worker [ARG...]: needs $run; sets worker_pid. A second call continues with the same vault and port.
start_worker() {
  [ -e "$run/worker" ] || "$bin/galen-worker" init --dir "$run/worker" >>"$run/worker.log" 2>&1
  "$bin/galen-worker" run --dir "$run/worker" --listen "127.0.0.1:$worker_port" --node "ws://127.0.0.1:$node_port" \
    --model "$top/ai-worker/models/galen-extract-v1.gguf" "$@" >>"$run/worker.log" 2>&1 &
  worker_pid=$!
  export GALEN_WORKER=http://127.0.0.1:$worker_port
  wait_for 120 "the worker (see $run/worker.log)" curl -fs "$GALEN_WORKER/health"
}

# stop_all: ends what was started, gently first.
stop_all() {
  local pid
  for pid in $worker_pid $node_pid; do
    kill "$pid" 2>/dev/null || continue
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  done
  wait 2>/dev/null || true
  worker_pid='' node_pid=''
}
