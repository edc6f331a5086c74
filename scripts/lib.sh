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

# usage: the comment at the head of the script that runs. Every script shows it when it is asked for --help.
usage() { sed -n '2,/^[^#]/s/^#\( \|$\)//p' "$0"; }
case ${1:-} in -h | --help) usage; exit 0 ;; esac

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

# A fresh secret in FILE, readable by its owner alone.
new_key() { (umask 077 && printf '0x%s\n' "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')" >"$1"); }
