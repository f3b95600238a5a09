# shellcheck shell=bash
# What ./run tells people, and how it gives up.

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
complain() { printf 'run: %s\n' "$*" >&2; }
die() {
  complain "$*"
  exit 1
}

# Shows a command as it would be typed, then runs it.
show() {
  printf '  $ %s\n' "$*"
  "$@" 2>&1 | sed 's/^/    /'
  return "${PIPESTATUS[0]}"
}
