# shellcheck shell=bash
# Starts, watches and stops one daemon, which is the one of the directories in JOBLET_*.

state_dir="${JOBLET_STATE_DIRECTORY:-/var/lib/joblet}"
run_dir="${JOBLET_RUN_DIRECTORY:-/run/joblet}"
socket="${JOBLET_SOCKET:-/run/joblet/storage.sock}"
log_file="$state_dir/daemon.log"
pid_file="$run_dir/daemon.pid"
log_start=0

# Field 22 of /proc/PID/stat: with it a later process of the same id is not taken for ours.
start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# Prints the daemon's process id; fails when it does not run.
daemon_pid() {
  local pid started
  [ -r "$pid_file" ] && read -r pid started <"$pid_file" || return 1
  [ -n "$pid" ] && [ "$(start_time "$pid")" = "$started" ] || return 1
  # A zombie answers to its id and does nothing.
  ! grep -q '^State:[[:space:]]*Z' "/proc/$pid/status" 2>/dev/null || return 1
  printf '%s\n' "$pid"
}

# RNX_SOCKET would win over JOBLET_SOCKET.
rnx() { RNX_SOCKET="$socket" "${top:?}/target/rnx/bin/rnx" "$@"; }

# Served also by a daemon that waits to be told to recover, and by nothing else of it.
answers() { [ -S "$socket" ] && rnx admin node --timeout=10s >/dev/null 2>&1; }

# Whether its database is new and the pool is another one's: then all else is refused, with the next step.
waits_for_recovery() { [[ "$(rnx volume list --timeout=10s 2>&1 >/dev/null)" == *"until rnx admin recover has"* ]]; }

prepare_directories() {
  # 0711: the embedded PostgreSQL runs as another user and must reach its own directory below.
  [ -d "$state_dir" ] || install -d -m 0711 "$state_dir"
  [ -d "$run_dir" ] || install -d -m 0700 "$run_dir"
}

launch() {
  prepare_directories
  # The log names volumes and owners; it is root's.
  (umask 077 && touch "$log_file")
  log_start="$(stat -c %s "$log_file")"
  setsid "$top/packaging/joblet-storage" >>"$log_file" 2>&1 </dev/null &
  local pid=$!
  (umask 077 && printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$pid_file")
  wait_until_it_answers "$pid"
}

wait_until_it_answers() {
  local pid="$1" end=$((SECONDS + 120)) dotted="$SECONDS"
  printf 'Starting, process %s ' "$pid"
  until answers; do
    if ! daemon_pid >/dev/null; then
      say " it ended."
      rm -f "$pid_file"
      show_log_and_fail "the daemon did not start"
    fi
    if [ "$SECONDS" -ge "$end" ]; then
      say ""
      show_log_and_fail "no answer on $socket after two minutes; process $pid is still at it; ./run stop ends it"
    fi
    if [ "$SECONDS" -ne "$dotted" ]; then
      printf '.'
      dotted="$SECONDS"
    fi
    sleep 0.1
  done
  say " ready."
}

# What this start has logged, without the fields that are for machines.
show_log_and_fail() {
  complain "from $log_file:"
  tail -c "+$((log_start + 1))" "$log_file" | tail -n 20 \
    | sed -E 's/^\{"timestamp":"([^"]*)".*"level":"([^"]*)","message":"(([^"\\]|\\.)*)".*/\1 \2 \3/' \
    | cut -c1-400 >&2
  die "$1"
}

start_daemon() {
  local pid
  if pid="$(daemon_pid)"; then
    say "It runs already, process $pid, on $socket."
    return 0
  fi
  launch
}

stop_daemon() {
  local pid waited=0
  pid="$(daemon_pid)" || { say "It does not run."; rm -f "$pid_file"; return 0; }
  kill -TERM "$pid"
  printf 'Stopping, process %s ' "$pid"
  while daemon_pid >/dev/null; do
    if [ "$waited" -ge 600 ]; then
      say ""
      die "process $pid has not stopped in a minute; $log_file may say why. kill -9 is safe: the next start settles what was under way"
    fi
    [ $((waited % 10)) -ne 0 ] || printf '.'
    sleep 0.1
    waited=$((waited + 1))
  done
  rm -f "$pid_file"
  say " stopped. Volumes and attachments stay as they are."
}

status_daemon() {
  local pid
  pid="$(daemon_pid)" || { say "It does not run."; return 3; }
  if answers; then
    say "It runs, process $pid, and answers on $socket. Log: $log_file"
    if waits_for_recovery; then say_that_it_waits; fi
  else
    say "It runs, process $pid, but does not answer on $socket. Log: $log_file"
    return 1
  fi
}

say_that_it_waits() {
  cat <<WAITS

Its database is new and the pool belongs to another one: it waits, and nothing else is served.
Next, as docs/recovery.md says:
  target/rnx/bin/rnx admin recover           # what would be brought back
  target/rnx/bin/rnx admin recover --plan=ID # bring just that back
WAITS
}
