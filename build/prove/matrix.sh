# shellcheck shell=bash
# What ./prove writes down.

# $1 the document, then the parts that were run. From what those have left in target/prove, and the faults that docs/crash-faults.md tells of.
write_matrix() {
  local document="$1" part
  shift
  {
    cat <<'HEAD'
# Crash matrix

Made by `./prove`, section by section; a section that was put together of several runs says so. [crash-faults.md](crash-faults.md) says how each fault is provoked and what is compared afterwards.
*Places* is where it could be tried, where that can be counted: the long form draws from them until its time is over; an operation without a number was not reached by then. *Tried* is how often it was attempted; *took place* how often the daemon came to the place meant, since what it calls differs a little from run to run; a kill of an operation that misses is tried a second time, and counts once. While a failure is taken back, each call that fails is a place, though where nothing was left to take back nothing is tried;
*violations* how often host and rows did not agree afterwards, or something acknowledged was missing.

HEAD
    for part in $(all_parts); do
      if [[ " $* " == *" $part "* ]]; then matrix_of "$part"; else last_run_of "$part" "$document"; fi
    done
    cat <<'FOUND'
## Violations found and mended

Each was found by one of these proofs, by a test or by reading, and was mended. A test of its own holds it, unless the row says that none provokes it.

FOUND
    awk '/^## Found/ { found = 1; next } found && /^\|/' "${top:?}/docs/crash-faults.md"
  } >"$document.new"
  mv "$document.new" "$document"
}

# $1 the part
heading_of() { printf '## %s\n\n%s.\n\n' "$1" "$(part_field "$1" 5)"; }

# $1 the part. A remark is written by whoever puts several runs together.
matrix_of() {
  local place="${top:?}/target/prove" day commit kernel processors seed seconds remark
  heading_of "$1"
  IFS=$'\t' read -r day commit kernel processors seed seconds remark <"$place/$1.about"
  printf '%s, commit `%s`, Linux %s, %s processors, seed %s, %d min %d s.\n\n' \
    "$day" "$commit" "$kernel" "$processors" "$seed" $((seconds / 60)) $((seconds % 60))
  [ -z "$remark" ] || printf '%s.\n\n' "$remark"
  if [ -s "$place/$1.failed" ]; then
    printf 'Ended with a failure: %s. What such a test had not counted by then is missing here.\n\n' "$(sed 's/.*/`&`/' "$place/$1.failed" | paste -sd, | sed 's/,/, /g')"
  fi
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
  heading_of "$1"
  { [ -f "$2" ] && what_is_said_of "$1" "$2"; } || printf 'Not run in its long form.\n\n'
}

what_is_said_of() {
  awk -v heading="## $1" '/^## / { its = $0 == heading; ran = 0 }
    its && /^[0-9-]+, commit / { ran = 1; found = 1 }
    ran
    END { exit !found }' "$2"
}
