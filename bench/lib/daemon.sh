# shellcheck shell=bash
# A daemon of its own for each benchmark, on directories of its own, and what is asked of it.

# shellcheck source=build/run/throwaway.sh
. "${top:?}/build/run/throwaway.sh"

# The generated stubs and what they call; none of the daemon's own libraries.
bench_class_path() {
  local jar
  printf '%s:%s' "${bench_classes:?}" "$top/target/classes"
  for jar in "$top"/target/quarkus-app/lib/main/{io.grpc,io.netty,com.google,io.perfmark}.*.jar; do printf ':%s' "$jar"; done
}

bench_java() {
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -cp "$(bench_class_path)" io.joblet.storage.bench.Load "$@"
}

# $1 what for, $2 the pool's size
begin_daemon() {
  make_throwaway "bench-$1"
  export JOBLET_POOL_SIZE="${2:-8GiB}"
  JOBLET_JAVA_OPTS="$JOBLET_JAVA_OPTS ${BENCH_JAVA_OPTS-}"
  launch >&2
}

end_daemon() {
  stop_daemon >&2
  unmount_throwaway && check_throwaway_is_gone && remove_throwaway_files
  throwaway=''
}

# psql on the daemon's database. With the incarnation known it is the daemon to the fencing
# trigger, which lets nobody else change rows.
bench_psql() { in_database psql -X -q -t -A -v ON_ERROR_STOP=1 "$@"; }

as_superuser() { PGUSER=postgres PGDATABASE=postgres in_database psql -X -q -v ON_ERROR_STOP=1 "$@"; }

incarnation=''

in_database() {
  local place="$throwaway/state/postgres"
  PGPASSFILE="$place/pgpass" PGHOST=127.0.0.1 PGUSER="${PGUSER:-joblet}" PGDATABASE="${PGDATABASE:-joblet}" \
    PGPORT="$(sed -n 's/^psql=.* -p \([0-9]*\) .*/\1/p' "$place/connection")" \
    PGOPTIONS="${incarnation:+-c joblet.incarnation=$incarnation}" "$@"
}

learn_incarnation() {
  incarnation=''
  incarnation="$(bench_psql -c 'select incarnation from node')"
}
