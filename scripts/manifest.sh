# What scripts/backup and scripts/restore share; sourced after lib.sh. A part of a backup is a directory with manifest.json,
# which names every other file in it.

# program NAME: one of Galen's programs, as built here or as installed.
program() {
  if [ -x "$bin/$1" ]; then echo "$bin/$1"; else command -v "$1" || die "$1 is neither in $bin nor in PATH"; fi
}

needs() {
  local tool
  for tool in "$@"; do command -v "$tool" >/dev/null || die "$tool is needed: apt-get install $tool"; done
}

# write_manifest DIR KEY VALUE...: what DIR holds, and these strings.
write_manifest() {
  local dir=$1 pairs=()
  shift
  while [ $# -gt 0 ]; do pairs+=(--arg "$1" "$2"); shift 2; done
  (
    cd "$dir"
    find . -type f ! -path ./manifest.json -printf '%P\n' | LC_ALL=C sort | while read -r path; do
      jq -n --arg path "$path" --argjson bytes "$(stat -c %s "$path")" \
        --arg sha256 "$(sha256sum <"$path" | cut -d' ' -f1)" '$ARGS.named'
    done | jq -s '{format: 1} + $ARGS.named + {files: .}' "${pairs[@]}" >manifest.json
    chmod 600 manifest.json
  )
}

# check_manifest DIR PART: DIR is that part, and holds what its manifest says and nothing else, unchanged.
check_manifest() {
  local dir=$1 part=$2 odd
  [ -f "$dir/manifest.json" ] || die "$dir is no backup: it has no manifest.json"
  jq -e --arg part "$part" '.format == 1 and .part == $part' "$dir/manifest.json" >/dev/null 2>&1 ||
    die "$dir/manifest.json is not that of a backup's part '$part' in a format that is known here"
  odd=$(find "$dir" ! -type f ! -type d -print -quit)
  [ -z "$odd" ] || die "$odd is neither file nor directory: this is not what scripts/backup wrote"
  diff <(jq -r '.files[].path' "$dir/manifest.json" | LC_ALL=C sort) \
    <(cd "$dir" && find . -type f ! -path ./manifest.json -printf '%P\n' | LC_ALL=C sort) >&2 ||
    die "$dir does not hold the files that its manifest names (< named, > there)"
  jq -r '.files[] | "\(.sha256)  \(.path)"' "$dir/manifest.json" | (cd "$dir" && sha256sum --quiet --strict -c -) >&2 ||
    die "$dir is damaged: a file is not what its manifest says"
}

# destroy DIR: its files overwritten, then all of it gone. On flash and copy-on-write file systems old cells may stay.
destroy() {
  [ -e "$1" ] || return 0
  find "$1" -type f -exec shred -u {} + 2>/dev/null || true
  rm -rf "$1"
}
