# What the scripts share that start programs: a folder for the run with an end that leaves nothing running,
# ports, waiting, one node and its worker. Sourced after lib.sh.

# ---- the run

# new_run: makes $run, a folder for all that this script writes. When the script ends, what it has started is
# stopped. If it ends well the folder is removed; otherwise the ends of its logs (*.log) are shown, and it is
# kept.
new_run() {
  run=$(mktemp -d "${TMPDIR:-/tmp}/galen-$(basename "$0").XXXXXX")
  trap 'end_run $?' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

shown=''
end_run() {
  trap - EXIT INT TERM
  stop_all
  if [ "$1" -eq 0 ]; then
    rm -rf "$run"
    return
  fi
  local log
  say "$(basename "$0"): FAILED; the ends of the logs:"
  while read -r log; do
    [ "$log" = "$shown" ] || show_end 15 "$log"
  done < <(find "$run" -maxdepth 2 -name '*.log' | sort)
  say "$(basename "$0"): logs and databases are kept in $run"
}

# show_end LINES LOG: the last lines of a log, if it says anything.
show_end() {
  [ -s "$2" ] || return 0
  say "--- $2"
  tail -n "$1" "$2" | cut -c1-1000 >&2
}

# ---- programs

declare -A pid_of=() said_from=()

# launch NAME PROGRAM [ARG...]: starts a program, whose output is added to $run/NAME.log; sets pid.
launch() {
  touch "$run/$1.log"
  said_from[$1]=$(stat -c %s "$run/$1.log")
  "${@:2}" >>"$run/$1.log" 2>&1 </dev/null &
  pid=$!
  pid_of[$1]=$pid
}

# said NAME: what that program has said since it was launched last.
said() { tail -c +$((said_from[$1] + 1)) "$run/$1.log"; }

# stop PID...: asks programs to end, and waits until they have; one that has not within 30 s is killed, and
# that is a failure.
stop() {
  local pid until=$((SECONDS + 30)) late=''
  kill -TERM "$@" 2>/dev/null || true
  # One that was stopped with SIGSTOP hears it only then.
  kill -CONT "$@" 2>/dev/null || true
  for pid; do
    while kill -0 "$pid" 2>/dev/null; do
      if [ $SECONDS -ge $until ]; then
        late="$late $pid"
        kill -9 "$pid" 2>/dev/null || true
      fi
      sleep 0.1
    done
    wait "$pid" 2>/dev/null || true
  done
  [ -z "$late" ] || { say "did not end within 30 s, and were killed: processes$late"; return 1; }
}

# stop_all: stops what this script has started and what still runs, the last first.
stop_all() {
  local pids
  pids=$(jobs -p | tac)
  # shellcheck disable=SC2086
  [ -z "$pids" ] || stop $pids || true
  worker_pid='' node_pid=''
}

# ---- waiting

# wait_for SECONDS WHAT [--at NAME] COMMAND...: until COMMAND succeeds. Fails when the time is over, and with
# --at as soon as the program launched as NAME has ended; says then what COMMAND said last, and shows the end
# of that program's log.
wait_for() {
  local seconds=$1 what=$2 at='' last='' ended=0
  shift 2
  if [ "$1" = --at ]; then at=$2; shift 2; fi
  poll "$seconds" "$at" "$@" || ended=$?
  [ $ended -ne 0 ] || return 0
  if [ -n "$at" ]; then
    shown=$run/$at.log
    show_end 40 "$shown"
  fi
  last=${last:+; lastly: ${last:0:1000}}
  if [ $ended = 2 ]; then die "$at ended while it was waited for $what$last"; fi
  die "waited $seconds s for $what$last"
}

# poll SECONDS NAME COMMAND...: 0 once COMMAND succeeds, 1 when the time is over, 2 when the program launched
# as NAME (if it is not empty) has ended. Sets last to what COMMAND has said.
poll() {
  local until=$((SECONDS + $1)) at=$2
  shift 2
  until last=$("$@" 2>&1); do
    [ $SECONDS -lt $until ] || return 1
    [ -z "$at" ] || kill -0 "${pid_of[$at]}" 2>/dev/null || return 2
    sleep 0.2
  done
}

# ---- ports
#
# The rule, for scripts and for galen-network (zombienet/src/ports.rs) alike:
# - A port that nobody has to know beforehand is not chosen here: the program is given port 0, and its log
#   says which one it got.
# - A port that must be known before, because others are told of it or because a program comes back to it, is
#   taken from 20000 to 31999: below those that Linux gives to outgoing connections (from 32768 on, if nobody
#   has changed that). Nothing uses it, and it is held: by a lock (flock) on the file
#   /tmp/galen-ports-UID/PORT, until this script and what it has started have ended. No two scripts have the
#   same.
# - Should something else listen there all the same, the program refuses to start, says so, and is started
#   again with another port. Only its own log tells that a program runs: what answers may be another.

# take_ports VARIABLE...: a port each. (Not printed: it is held by this shell.)
take_ports() {
  local _variable _port _lock _low _first=20000 _last=31999 _folder=/tmp/galen-ports-$UID
  read -r _low _ 2>/dev/null </proc/sys/net/ipv4/ip_local_port_range || _low=32768
  # Where hardly a port is left below, one that is held must do.
  if [ "$_low" -le $_last ] && [ "$_low" -ge $((_first + 1000)) ]; then _last=$((_low - 1)); fi
  (umask 077 && mkdir -p "$_folder")
  for _variable; do
    while :; do
      _port=$((_first + (RANDOM << 15 | RANDOM) % (_last - _first + 1)))
      exec {_lock}>>"$_folder/$_port"
      if flock -n "$_lock" && ! in_use "$_port"; then break; fi
      exec {_lock}>&-
    done
    printf -v "$_variable" %s "$_port"
  done
}

# in_use PORT: whether any TCP socket of this machine has it.
in_use() {
  awk -v port="$(printf ':%04X' "$1")" 'substr($2, length($2) - 4) == port { found = 1 } END { exit !found }' \
    <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
}

# port_taken NAME: whether the program launched as NAME has refused to start because another has one of its ports.
port_taken() { grep -qi -e 'another program has' -e 'address already in use' <(said "$1"); }

# port NAME WHAT: at which port the node launched as NAME listens, as it says itself once it does: `rpc`,
# `metrics` or `peers`. Fails until then.
port() {
  local words
  case $2 in
    rpc) words='listening on ws://127.0.0.1:' ;;
    metrics) words='metrics on http://127.0.0.1:' ;;
    peers) words='peers on tcp://127.0.0.1:' ;;
  esac
  said "$1" | awk -v words="galen-node: $words" '
    index($0, words) == 1 { port = substr($0, length(words) + 1) + 0 }
    END { if (!port) exit 1; print port }'
}

# ---- one node and its worker

node_pid='' worker_pid='' node_port='' worker_port='' node_arguments=()
# What kind of node start_node starts.
node_kind=(--dev)

# init_worker: makes the worker's folder, $run/worker, unless it is there.
init_worker() { [ -e "$run/worker" ] || "$bin/galen-worker" init --dir "$run/worker" >>"$run/worker.log" 2>&1; }

# start_node [ARG...]: starts the node and waits until it answers; sets node_pid, node_port, GALEN_NODE. A
# second call continues with the same database and port.
start_node() {
  local tries
  node_arguments=("$@")
  init_worker
  [ -n "$worker_port" ] || take_ports worker_port
  for tries in 1 2 3; do
    [ -n "$node_port" ] || take_ports node_port
    launch node "$bin/galen-node" "${node_kind[@]}" --base-path "$run/node" --rpc-port "$node_port" \
      --listen-addr /ip4/127.0.0.1/tcp/0 --prometheus-port 0 --no-mdns --no-telemetry \
      --worker-url "http://127.0.0.1:$worker_port" --worker-token-file "$run/worker/tokens/node" "$@"
    node_pid=$pid
    export GALEN_NODE=ws://127.0.0.1:$node_port
    if poll 120 node node_answers; then return; fi
    port_taken node || break
    say "port $node_port has been taken by another program: trying another"
    node_port=''
  done
  wait_for 0 "the node to answer" --at node node_answers
}
node_answers() { [ "$(port node rpc)" = "$node_port" ] && "$bin/galen" network status; }

# start_worker [ARG...]: starts the worker beside the node and waits until it is well; sets worker_pid,
# GALEN_WORKER. A second call continues with the same vault and port.
start_worker() {
  local tries
  init_worker
  for tries in 1 2 3; do
    launch worker "$bin/galen-worker" run --dir "$run/worker" --listen "127.0.0.1:$worker_port" \
      --node "$GALEN_NODE" --model "$top/ai-worker/models/galen-extract-v1.gguf" "$@"
    worker_pid=$pid
    export GALEN_WORKER=http://127.0.0.1:$worker_port
    if poll 120 worker worker_answers; then return; fi
    port_taken worker || break
    say "port $worker_port has been taken by another program: trying another"
    # The node looks for its worker where it was told.
    stop "$node_pid"
    worker_port=''
    start_node "${node_arguments[@]}"
  done
  wait_for 0 "the worker to be well" --at worker worker_answers
}
worker_answers() { grep -qF "listening on $GALEN_WORKER" <(said worker) && curl -fsS "$GALEN_WORKER/health"; }
