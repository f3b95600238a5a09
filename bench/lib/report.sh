# shellcheck shell=bash
# The table of results: printed as they come, kept for a summary at the end.

results=()

# $1 figure, $2 measured, $3 target, $4 the words "at least" or "at most" with both as numbers $5 $6
result() {
  local verdict
  verdict="$(awk -v word="$4" -v is="$5" -v wanted="$6" \
    'BEGIN { print ((word == "at least" ? is >= wanted : is <= wanted) ? "met" : "missed") }')"
  results+=("| $1 | $2 | $3 | $verdict |")
  say "$1: $2 (target: $3): $verdict"
}

note() { results+=("| $1 | $2 | | |"); say "$1: $2"; }

print_results() {
  step "Results of this run, $(date -u +%Y-%m-%d), load average $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
  say "| figure | measured | target | |"
  say "|---|---|---|---|"
  printf '%s\n' "${results[@]}"
}

median() { sort -g | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }'; }

# $1 how often, then a load whose first word is a rate: prints the median of those rates
median_rate() {
  local times="$1" i
  shift
  for ((i = 0; i < times; i++)); do bench_java "$@" | cut -d' ' -f1; done | median
}

# $1 a share of the lines, such as 0.99: at most that many are larger
percentile() { sort -g | awk -v share="$1" '{ v[NR] = $1 } END { at = int(share * NR); print v[at < NR ? at + 1 : NR] }'; }
