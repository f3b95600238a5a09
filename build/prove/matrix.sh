# shellcheck shell=bash
# What ./prove writes down.

# $1 the document. From what is in target/prove, and the faults that docs/crash-faults.md tells of.
write_matrix() {
  {
    cat <<'HEAD'
# Crash matrix

Made by `./prove`, which writes this file; [crash-faults.md](crash-faults.md) says how each fault is provoked and what is compared afterwards.
*Places* is where it could be tried, where that can be counted: the long form draws from them until its time is over. *Tried* is how often it was attempted; *took place* how often the daemon came to the place meant, since what it calls differs a little from run to run; a kill of an operation that misses is tried a second time, and counts once. While a failure is taken back, each call that fails is a place, though where nothing was left to take back nothing is tried;
*violations* how often host and rows did not agree afterwards, or something acknowledged was missing.

HEAD
    local part
    for part in $(all_parts); do matrix_of "$part" "$1"; done
    cat <<'FOUND'
## Violations found and mended

Each was found by one of these proofs, by a test or by reading, and was mended. A test of its own holds it, unless the row says that none provokes it.

FOUND
    awk '/^## Found/ { found = 1; next } found && /^\|/' "${top:?}/docs/crash-faults.md"
  } >"$1.new"
  mv "$1.new" "$1"
}

# $1 the part, $2 the document as it was
matrix_of() {
  local place="${top:?}/target/prove" day commit kernel processors seed seconds
  printf '## %s\n\n%s.\n\n' "$1" "$(part_field "$1" 5)"
  if [ ! -s "$place/$1.about" ]; then
    last_run_of "$1" "$2" || printf 'Not run in its long form.\n\n'
    return
  fi
  IFS=$'\t' read -r day commit kernel processors seed seconds <"$place/$1.about"
  printf '%s, commit `%s`, Linux %s, %s processors, seed %s, %d min %d s.\n\n' \
    "$day" "$commit" "$kernel" "$processors" "$seed" $((seconds / 60)) $((seconds % 60))
  if [ ! -s "$place/$1.tsv" ]; then
    printf 'It ended before anything was counted.\n\n'
    return
  fi
  printf '| what | on | places | tried | took place | violations |\n|---|---|---|---|---|---|\n'
  awk -F'\t' '{ printf "| %s | %s | %s | %d | %d | %d |\n", $1, $2, $6, $3, $4, $5
      places += $6; made += $3; place += $4; bad += $5 }
    END { printf "| **all** | | %s | %d | %d | %d |\n\n", places ? places : "", made, place, bad }' "$place/$1.tsv"
}

# $1 the part, $2 the document: what that says of the part's last run, from its date on
last_run_of() {
  [ -f "$2" ] && awk -v heading="## $1" '/^## / { its = $0 == heading; ran = 0 }
    its && /^[0-9-]+, commit / { ran = 1; found = 1 }
    ran
    END { exit !found }' "$2"
}
