# shellcheck shell=bash
# The parts of ./prove: which tests each is, and how long.

# name|share of the time|tests|long form|what it does
parts() {
  cat <<'PARTS'
kills|10|VolumeKillsIT,DirectoryKillsIT,JobKillsIT|-DexcludedGroups=rollback -Djoblet.crash.rounds=all -Djoblet.crash.only=(?!first.run).+|kill -9 in every gap between two host calls that change something, of every operation on volumes and on jobs
rollback-kills|10|VolumeKillsIT,DirectoryKillsIT,JobKillsIT|-Dgroups=rollback -Djoblet.crash.rounds=all -Djoblet.crash.only=(?!first.run).+|kill -9 while a failure is taken back, once after each call of these operations that fails
longest-rollback-kills|10|VolumeKillsIT,DirectoryKillsIT,JobKillsIT,SweepKillsIT,RecoverKillsIT|-Dgroups=rollback -Djoblet.crash.back=longest -Djoblet.crash.rounds=all|kill -9 at every place of the longest way back of each operation, sweep and recovery
first-run-kills|10|JobKillsIT|-Djoblet.crash.rounds=all -Djoblet.crash.only=first.run|kills both ways in the first job of all, which makes what jobs share; each takes two starts
sweep-kills|8|SweepKillsIT,RecoverKillsIT|-Djoblet.crash.rounds=all|kills both ways in every sweep, in the doctor while it mends, and in a recovery
start-kills|12|StartKillsIT|-Djoblet.crash.rounds=all|kills in starts: in the first of all; in one that recovers from a kill in the middle of an operation; in one that recovers from that
errors|15|ErrorsIT|-Djoblet.crash.errors=all|a host call of an operation, a sweep, the doctor or a recovery fails, each with each of seven errors, those made by other threads and by close excepted
start-errors|8|StartErrorsIT|-Djoblet.crash.errors=all|a host call fails in the start that recovers from a kill, with one of seven errors
supervisor|6|SupervisorFaultsIT|-Djoblet.crash.rounds=all -Djoblet.crash.errors=all|a process of a job is killed before a call of its own, or a call of it fails with one of seven errors: the supervisor, init, or the command before it is executed
database|15|DatabaseFaultsIT,FullDiskIT,InstallationIT|-Djoblet.crash.losses=all|connections lost and PostgreSQL killed before and after each statement; slow; on a full disk; emptied, restored, exchanged
older-copies|8|OlderCopyIT|-Djoblet.crash.rounds=all|the database as it was in the middle of each operation on volumes on disk, put back after those have lived on
races|5|RacesIT|-Djoblet.crash.racing=86400|files and directories of the daemon's exchanged for symbolic links that lead out, while it works
power|5|PowerCutIT|-Djoblet.crash.cuts=20|pool and database as they were at a moment under load
clients|5|AcknowledgedIT,ClientsIT,RunLifeIT|-Djoblet.crash.kills=100 -Djoblet.crash.seconds=120|kills at random moments while 64 clients work against models, and jobs write
leaks|5|LeakIT|-Djoblet.crash.lives=10000|10,000 lives of volumes and jobs
starts|10|TwoDaemonsIT,FirstStartsIT|-Djoblet.crash.races=500|two daemons started at once
simulation|5|SimulationTest|-Djoblet-simulation.histories=20000|histories on a host that is simulated
PARTS
}

list_parts() {
  parts | awk -F'|' '{ printf "  %-22s  %s\n", $1, $5 }'
}

all_parts() { parts | cut -d'|' -f1; }

# To grep, a pattern of several lines would be several names.
is_part() { [[ "$1" =~ ^[a-z-]+$ ]] && all_parts | grep -qxF -- "$1"; }

# $1 what --only names, into the list chosen. Each once, since a part that runs again takes the place of its first run.
choose() {
  local names name
  chosen=()
  mapfile -t -d , names < <(printf '%s,' "$1")
  for name in "${names[@]}"; do
    is_part "$name" || refuse_argument "--only: there is no part '$name'; ./prove --help lists them"
    [[ " ${chosen[*]} " == *" $name "* ]] || chosen+=("$name")
  done
}

# $1 a part, $2 a field's number
part_field() { parts | awk -F'|' -v name="$1" -v n="$2" '$1 == name { print $n }'; }

# The parts: of several tests Maven would drop one that is no longer there, and say nothing.
refuse_lost_tests() {
  local part name
  for part in "$@"; do
    for name in $(tests_of "$part"); do
      [ -n "$(find "${top:?}/src/test/java" -name "$name.java" -print -quit)" ] || die "$part: there is no test $name"
    done
  done
}

# $1 a part: its tests, one a line
tests_of() { part_field "$1" 3 | tr ',' '\n'; }

# The commit that is built, and whether it is all. What ./prove writes itself is no change of what is proved.
state_of_sources() {
  local commit changed
  commit="$(git -C "${top:?}" rev-parse --short HEAD 2>/dev/null)" || commit=unknown
  changed="$(git -C "$top" status --porcelain --untracked-files=normal -- ':/' ':(top,exclude)docs/crash-matrix.md')"
  printf '%s%s\n' "$commit" "${changed:+-dirty}"
}

# $1 the part, $2 the minutes for all, then which those are: its share of them, one at least
minutes_of() {
  local part sum=0 own
  for part in "${@:3}"; do sum=$((sum + $(part_field "$part" 2))); done
  own=$(($2 * $(part_field "$1" 2) / sum))
  echo $((own > 0 ? own : 1))
}

# $1 the part, $2 its minutes, $3 the seed, $4 the state of the sources. What was counted, and what was printed, goes to target/prove.
run_part() {
  local part="$1" place="${top:?}/target/prove" began status=0 goal lost name
  local tests form properties=()
  tests="$(part_field "$part" 3)"
  form="$(part_field "$part" 4)"
  mkdir -p "$place"
  rm -f "$place/$part".*
  trap 'interrupted "$part"' INT
  step "$part: $(part_field "$part" 5), for $2 minutes; the log is target/prove/$part.log"
  began="$(date +%s)"
  for name in $(tests_of "$part"); do
    reports_of "$name" | xargs -r -d '\n' rm
  done
  case "$tests" in
    *IT)
      goal=(failsafe:integration-test failsafe:verify "-Dit.test=$tests" "-Dit.forks=$(forks_of "$tests")")
      # To what runs within Quarkus these would be settings of a daemon, and unknown ones.
      properties=("-Djoblet.crash.seed=$3" "-Djoblet.crash.minutes=$(minutes_of_each "$tests" "$2" "$form")")
      ;;
    *) goal=(surefire:test "-Dtest=$tests") ;;
  esac
  # shellcheck disable=SC2086 # a form is several options
  ./mvnw "${goal[@]}" $form "-Djoblet-proof.file=$place/$part.tsv" "${properties[@]}" \
    >"$place/$part.log" 2>&1 || status=1
  trap - INT
  failed_in "$part" >"$place/$part.failed"
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$(date -u +%Y-%m-%d)" "$4" "$(uname -r)" "$(nproc)" \
    "$3" "$(($(date +%s) - began))" >"$place/$part.about"
  [ "$tests" != SimulationTest ] || count_histories "$place/$part"
  say_counts "$place/$part.tsv"
  if [ "$status" -ne 0 ]; then
    complain "$part: violated, or not able to run; the last lines of its log:"
    grep -E 'ERROR|AssertionError|violations' "$place/$part.log" | tail -n 12 >&2 || true
  fi
  lost="$(not_run "$part")"
  if [ -n "$lost" ]; then
    complain "$part: has not run: ${lost//$'\n'/, }"
    status=1
  fi
  if ! counts_anything "$place/$part.tsv"; then
    complain "$part: it ended before anything was counted"
    status=1
  fi
  return "$status"
}

# $1 the part. Maven has ended in its own way by then, so that its status does not say it.
interrupted() {
  complain "$1: interrupted; the document stays as it was. What its tests have left lies below ${TMPDIR:-/tmp}/junit-*"
  exit 130
}

# $1 the part: the tests that have failed, Class.method, one a line
failed_in() {
  local name
  for name in $(tests_of "$1"); do
    reports_of "$name" | xargs -r -d '\n' awk '/<<< (ERROR|FAILURE)!$/ { n = split($1, word, "."); print word[n - 1] "." word[n] }'
  done
}

# $1 the tests. Kills count the calls of one thread, so others do not disturb them; what is random or
# looks at all of the host runs alone.
forks_of() {
  [[ "$1" == *KillsIT,*KillsIT ]] && echo 2 || echo 1
}

# $1 the tests, $2 the minutes of the part, $3 its form. Each method takes what it is given, and some
# have several: kills have one for each way, of which the form can choose one.
minutes_of_each() {
  local test count=0 ways=2
  [[ "$3" != *[gG]roups=* ]] || ways=1
  for test in ${1//,/ }; do
    case "$test" in
      StartKillsIT) count=$((count + 3)) ;;
      *KillsIT) count=$((count + ways)) ;;
      DatabaseFaultsIT) count=$((count + 3)) ;;
      SupervisorFaultsIT) count=$((count + 2)) ;;
      *) count=$((count + 1)) ;;
    esac
  done
  count=$((count / $(forks_of "$1")))
  echo $(($2 / count > 0 ? $2 / count : 1))
}

# $1 a test: what it has reported in this directory, in a former run too
reports_of() { find "${top:?}/target" -maxdepth 2 -path '*-reports/*' -name "*.$1.txt"; }

# $1 the part: those of its tests that have reported nothing, or skipped everything
not_run() {
  local name report
  for name in $(tests_of "$1"); do
    report="$(reports_of "$name" | head -n 1)"
    [ -n "$report" ] && awk -F'[:,]' '/^Tests run:/ && $2 > $8 { ran = 1 } END { exit !ran }' "$report" \
      || printf '%s\n' "$name"
  done
}

# The simulation logs how many histories it has been through; it ends at the first that is violated.
count_histories() {
  awk 'match($0, /flaw NONE: [0-9]+ histories of [0-9]+ steps/) {
      split(substr($0, RSTART, RLENGTH), word, " ")
      if (word[3] > histories) { histories = word[3]; steps = word[6] }
    }
    /^\[ERROR\] Tests run/ { violated = 1 }
    END { if (histories) printf "simulated histories\t%d steps of operations on volumes, attachments and sweeps, with faults\t%d\t%d\t%d\n", steps, histories, histories, violated }' \
    "$1.log" >"$1.tsv"
}

counts_anything() { [ -s "$1" ] && awk -F'\t' '$3 > 0 { counted = 1 } END { exit !counted }' "$1"; }

say_counts() {
  [ -s "$1" ] || return 0
  awk -F'\t' '{ made += $3; place += $4; bad += $5 }
    END { printf "%d tried, %d took place, %d with a violation\n", made, place, bad }' "$1"
}
