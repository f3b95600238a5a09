# shellcheck shell=bash
# Sampling the use of volumes, and the reports.

# $1 how often; a line of milliseconds for each sampling, as the daemon measured it
sample_millis() { bench_java sample "$JOBLET_SOCKET" "$1"; }

bench_usage() {
  local unchanged changed
  begin_daemon usage
  bench_java fill "$JOBLET_SOCKET" "$sampled" 0
  learn_incarnation
  sample_millis 3 >/dev/null
  changed="$(for ((i = 0; i < 5; i++)); do
    # As if every one of them had changed since the last sampling.
    bench_psql -c 'update usage_latest set used_bytes = used_bytes + 1' && bench_psql -c 'vacuum usage_latest'
    sample_millis 1
  done | median)"
  unchanged="$(sample_millis 5 | median)"
  result "sampling of $sampled volumes that all changed, median of 5" "$changed ms" "under 2,000 ms" "at most" "$changed" 2000
  result "sampling of $sampled volumes that did not change, median of 5" "$unchanged ms" "under 2,000 ms" "at most" "$unchanged" 2000
  bench_creates_beside_sampling
  end_daemon
}

# Rounds without and with take turns, so that what else runs on the machine weighs on both.
bench_creates_beside_sampling() {
  local without=() with=() sampler rate
  bench_java create-delete "$JOBLET_SOCKET" 8 0 "$warm_up" >/dev/null
  for ((i = 0; i < 3; i++)); do
    without+=("$(bench_java create-delete "$JOBLET_SOCKET" 8 1 20 | cut -d' ' -f1)")
    bench_java sample "$JOBLET_SOCKET" 2 10 >/dev/null &
    sampler=$!
    with+=("$(bench_java create-delete "$JOBLET_SOCKET" 8 1 20 | cut -d' ' -f1)")
    wait "$sampler"
  done
  rate="$(ratio "$(printf '%s\n' "${with[@]}" | median)" "$(printf '%s\n' "${without[@]}" | median)")"
  result "create+delete beside a sampling of $sampled volumes every 10 s, against without" \
    "$rate x (with ${with[*]}, without ${without[*]} pairs/s)" "at least 0.9" "at least" "$rate" 0.9
}

bench_reports() {
  local name query millis worst=0
  begin_daemon reports 1GiB
  learn_incarnation
  bench_psql -f "$top/bench/lib/reports.sql"
  while IFS='|' read -r name query; do
    bench_psql -c "$query" >/dev/null
    millis="$(for ((i = 0; i < 5; i++)); do
      bench_psql -c '\timing on' -c "$query" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p'
    done | median)"
    result "$name, 100,000 volumes, 10 million samples, median of 5" "$millis ms" "under 200 ms" "at most" "$millis" 200
    worst="$(printf '%s\n%s\n' "$worst" "$millis" | sort -g | tail -n 1)"
  done <"$top/bench/lib/reports.txt"
  note "the slowest report" "$worst ms"
  end_daemon
}
