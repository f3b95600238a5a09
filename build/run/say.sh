# shellcheck shell=bash
# What ./run and its like tell people, and how they give up.

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
complain() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() {
  complain "$*"
  exit 1
}
refuse_argument() {
  complain "$1"
  exit 2
}

# Shows a command as it would be typed, then runs it.
show() {
  printf '  $ %s\n' "$*"
  "$@" 2>&1 | sed 's/^/    /'
  return "${PIPESTATUS[0]}"
}
