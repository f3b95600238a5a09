# shellcheck shell=bash
# Attaching, lists, reconciling, reading, starting.

bench_attach_detach() {
  begin_daemon attach-detach
  bench_java attach-detach "$JOBLET_SOCKET" 8 0 "$warm_up" >/dev/null
  local pairs
  pairs="$(median_rate "$repeats" attach-detach "$JOBLET_SOCKET" 8 1 "$seconds")"
  end_daemon
  result "attach+detach, 8 clients" "$pairs pairs/s" "at least 1,000" "at least" "$pairs" 1000
}

# Memory volumes have nothing on the host until they are attached, so rows alone are whole ones.
# $1 the first number, $2 the last; names m0000001..., every tenth with the label tier=cold
make_rows() {
  learn_incarnation
  bench_psql -c "
    insert into volume (id, node_id, owner, name, type, provider, enforcement, state, size_bytes, inode_limit,
                        uid, gid, mode, protected, labels, created_at, created_by, reason, row_version)
    select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, node.id, 'root', 'm' || lpad(n::text, 7, '0'),
           'MEMORY', 'memory', 'TMPFS', 'AVAILABLE', 4096, 0, 0, 0, 493, false,
           jsonb_build_object('tier', case n % 10 when 0 then 'cold' else 'hot' end, 'app', 'a' || n % 100),
           now(), 'root', '', 0
    from node, generate_series($1, $2) n"
  bench_psql -c 'analyze volume'
}

# $@ what else of the load `list`; prints the median of p50 in milliseconds
page_millis() {
  for ((i = 0; i < repeats; i++)); do
    bench_java list "$JOBLET_SOCKET" 400 "$@" | cut -d' ' -f2
  done | median
}

bench_list() {
  begin_daemon list 1GiB
  make_rows 1 1000
  page_millis >/dev/null
  local kind
  local -A small
  for kind in '' deep label 'deep label'; do
    # shellcheck disable=SC2086
    small[x$kind]="$(page_millis $kind)"
  done
  make_rows 1001 100000
  for kind in '' deep label 'deep label'; do
    local large
    # shellcheck disable=SC2086
    large="$(page_millis $kind)"
    result "list page of 50 ${kind:-first}, 100,000 volumes against 1,000" \
      "$(ratio "$large" "${small[x$kind]}") ($large ms, ${small[x$kind]} ms)" "at most 1.2" \
      "at most" "$(ratio "$large" "${small[x$kind]}")" 1.2
  done
  stop_daemon >&2
  launch >&2
  page_millis >/dev/null
  local resident
  resident="$(awk '/^VmRSS:/ { print int($2 / 1024) }' "/proc/$(daemon_pid)/status")"
  end_daemon
  result "daemon resident at 100,000 volumes" "$resident MB" "at most 400 MB" "at most" "$resident" 400
}

bench_reconcile() {
  local volumes="$reconciled" attachments=$((reconciled / 10)) millis
  begin_daemon reconcile
  bench_java fill "$JOBLET_SOCKET" "$volumes" "$attachments"
  stop_daemon >&2
  launch >&2
  millis="$(sed -n 's/.*reconciled .* in \([0-9]*\) ms.*/\1/p' "$log_file" | tail -n 1)"
  # So many that the removal below would give up on them one by one.
  throwaway_mounts | grep "^$JOBLET_JOBS_DIRECTORY/." | xargs -r umount
  end_daemon
  [ -n "$millis" ] || die "the daemon's log does not say how long it reconciled"
  result "reconcile of $volumes volumes and $attachments attachments" "$millis ms" "under 5,000 ms" \
    "at most" "$millis" 5000
}

bench_rest() {
  begin_daemon rest 1GiB
  bench_java read-grpc "$JOBLET_SOCKET" 8 0 "$warm_up" >/dev/null
  bench_java read-rest "$JOBLET_SOCKET" 8 0 "$warm_up" >/dev/null
  local grpc rest
  grpc="$(median_rate "$repeats" read-grpc "$JOBLET_SOCKET" 8 1 "$seconds")"
  rest="$(median_rate "$repeats" read-rest "$JOBLET_SOCKET" 8 1 "$seconds")"
  end_daemon
  result "reads by REST against gRPC, 8 clients" "$(ratio "$rest" "$grpc") ($rest/s, $grpc/s)" "at least 0.8" \
    "at least" "$(ratio "$rest" "$grpc")" 0.8
}

# From exec to the first answer of a call, asked for every 5 ms.
start_millis() {
  local began pid
  began="$(date +%s%N)"
  setsid "$top/packaging/joblet-storage" >>"$log_file" 2>&1 </dev/null &
  pid=$!
  (umask 077 && printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$pid_file")
  until curl -sf --max-time 1 --unix-socket "$JOBLET_SOCKET" http://joblet/q/health/ready >/dev/null 2>&1; do
    daemon_pid >/dev/null || die "the daemon ended; see $log_file"
    sleep 0.005
  done
  echo $((($(date +%s%N) - began) / 1000000))
}

bench_start() {
  begin_daemon start 1GiB
  local millis
  millis="$(for ((i = 0; i < 5; i++)); do
    stop_daemon >&2
    start_millis
  done | median)"
  result "start to first answer, database warm, median of 5" "$millis ms" "at most 1,500 ms" "at most" "$millis" 1500
  bench_rnx
  end_daemon
}

bench_rnx() {
  local millis i began
  for ((i = 0; i < 20; i++)); do rnx volume create "listed-$i" --size=16MB >/dev/null; done
  rnx volume list >/dev/null
  millis="$(for ((i = 0; i < 15; i++)); do
    began="$(date +%s%N)"
    rnx volume list >/dev/null
    echo $((($(date +%s%N) - began) / 1000000))
  done | median)"
  result "rnx volume list of 20 volumes, median of 15" "$millis ms" "at most 150 ms" "at most" "$millis" 150
}
