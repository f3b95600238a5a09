# shellcheck shell=bash
# Pairs of create and delete, against Docker's and against the database alone.

bench_create_delete() {
  begin_daemon create-delete
  bench_java create-delete "$JOBLET_SOCKET" 8 0 "$warm_up" >/dev/null
  local pairs8 pairs32 purged docker
  pairs8="$(median_rate "$repeats" create-delete "$JOBLET_SOCKET" 8 1 "$seconds")"
  pairs32="$(median_rate "$repeats" create-delete "$JOBLET_SOCKET" 32 1 "$seconds")"
  purged="$(median_rate 1 create-delete "$JOBLET_SOCKET" 8 1 "$seconds" purge)"
  note "create+delete into the trash, 8 clients" "$pairs8 pairs/s"
  note "create+delete into the trash, 32 clients" "$pairs32 pairs/s"
  note "create+delete, data destroyed at once, 8 clients" "$purged pairs/s"
  against_pgbench "$pairs32"
  end_daemon
  if ! command -v dockerd >/dev/null || ! command -v curl >/dev/null; then
    complain "dockerd or curl is missing (packages docker.io, curl): not compared with Docker"
    return 0
  fi
  begin_docker
  docker="$(median_rate "$repeats" docker "$docker_home/sock" 8 1 "$seconds")"
  end_docker
  note "docker volume create+rm by its API, 8 clients" "$docker pairs/s"
  result "create+delete against Docker, 8 clients" "$(ratio "$pairs8" "$docker")" "at least 2" \
    "at least" "$(ratio "$pairs8" "$docker")" 2
}

# $1 the daemon's pairs per second at 32 clients
against_pgbench() {
  if ! command -v pgbench >/dev/null; then
    complain "pgbench is missing (package postgresql-client-common, postgresql-contrib): not compared with it"
    return 0
  fi
  local script="$throwaway/replay.sql" tps
  capture_statements >"$script"
  learn_incarnation
  tps="$(for ((i = 0; i < repeats; i++)); do
    in_database pgbench -n -M prepared -c 32 -j 1 -T "$seconds" -D round="$((i * 1000000))" -f "$script" 2>"$throwaway/pgbench.err" \
      | sed -n 's/^tps = \([0-9.]*\).*/\1/p'
  done | median)"
  if [ -z "$tps" ] || [ -s "$throwaway/pgbench.err" ]; then
    head -n 5 "$throwaway/pgbench.err" >&2
    die "pgbench could not replay the statements"
  fi
  note "pgbench replaying the same statements, 32 clients" "$tps transactions/s"
  result "create+delete against pgbench, 32 clients" "$(ratio "$1" "$tps")" "at least 0.35" \
    "at least" "$(ratio "$1" "$tps")" 0.35
}

# The statements of one create and delete as a pgbench script. The second pair is taken, since the
# first in a life of the daemon also fetches quota group numbers.
capture_statements() {
  local log="$throwaway/statements" id qgroup
  as_superuser -c "alter role joblet set log_statement = 'all'" >&2
  stop_daemon >&2
  launch >&2
  bench_java one-pair "$JOBLET_SOCKET" first >/dev/null
  cat "$throwaway"/state/postgres/log/*.log | wc -c >"$log.before"
  bench_java one-pair "$JOBLET_SOCKET" replayed >/dev/null
  cat "$throwaway"/state/postgres/log/*.log | tail -c "+$(($(cat "$log.before") + 1))" >"$log"
  as_superuser -c "alter role joblet reset log_statement" >&2
  read -r id qgroup < <(bench_psql -F ' ' -c "select id, qgroup from volume where name = 'replayed'")
  stop_daemon >&2
  launch >&2
  bench_java replay "$log" "$id" replayed "$qgroup"
}
