# shellcheck shell=bash
# Jobs: from the request to the first instruction of the command, beside others who start commands
# in a root of their own; many at a time; many prepared file systems.

# A root of busybox and `stamp`, in $throwaway/root, and `launch`.
make_job_root() {
  job_root="$throwaway/root"
  local busybox applet
  busybox="$(command -v busybox)" || die "busybox is missing (package busybox-static)"
  command -v cc >/dev/null || die "cc is missing (packages gcc, libc6-dev)"
  mkdir -p "$job_root"/{bin,etc,proc,dev,tmp,work,sys,volumes}
  chmod 0755 "$job_root"
  cp "$busybox" "$job_root/bin/busybox"
  for applet in sh sleep true; do ln -s busybox "$job_root/bin/$applet"; done
  cc -O2 -static -o "$job_root/bin/stamp" "$top/bench/src/c/stamp.c"
  cc -O2 -o "$throwaway/launch" "$top/bench/src/c/launch.c"
}

# $1 how often each, $2 how many at a time; the rest is the command. Prints milliseconds.
launch_millis() { "$throwaway/launch" "$@"; }

# As OCI runtimes start it; the namespaces and mounts that a job has.
write_crun_bundle() {
  mkdir -p "$throwaway/bundle"
  cat >"$throwaway/bundle/config.json" <<JSON
{ "ociVersion": "1.0.0",
  "process": { "terminal": false, "user": {"uid": 65534, "gid": 65534}, "args": ["/bin/stamp"], "env": ["PATH=/bin"],
    "cwd": "/", "noNewPrivileges": true, "capabilities": {} },
  "root": { "path": "$job_root", "readonly": true },
  "hostname": "bench",
  "mounts": [
    {"destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid", "noexec", "nodev"]},
    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755", "size=65536k"]},
    {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
      "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]},
    {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "nodev", "size=16m"]},
    {"destination": "/tmp", "type": "tmpfs", "source": "tmp", "options": ["nosuid", "nodev", "size=16m"]},
    {"destination": "/work", "type": "tmpfs", "source": "work", "options": ["nosuid", "nodev", "size=1m"]} ],
  "linux": {
    "resources": { "pids": {"limit": 1024} },
    "namespaces": [ {"type": "pid"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"}, {"type": "network"} ],
    "maskedPaths": ["/proc/kcore", "/proc/keys", "/proc/timer_list"],
    "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"] } }
JSON
}

# crun refuses a hybrid cgroup layout whose v2 tree has controllers, so it gets a mount namespace
# that shows the v1 trees alone. $1 its cgroup manager, $2 rounds, $3 clients
crun_millis() {
  local hide=true
  mountpoint -q /sys/fs/cgroup/unified && hide='umount /sys/fs/cgroup/unified'
  # shellcheck disable=SC2016
  unshare -m sh -c "$hide && exec \"\$@\"" sh "$throwaway/launch" "$2" "$3" \
    crun --root "$throwaway/crun" --cgroup-manager="$1" run --bundle "$throwaway/bundle" %
}

# $1 who, $2 rounds, $3 clients. A line of milliseconds for each start.
start_all() {
  local rounds="$2" clients="$3"
  case "$1" in
    job) bench_java start-jobs "$JOBLET_SOCKET" "$clients" "$rounds" "$job_root" ;;
    bwrap)
      launch_millis "$rounds" "$clients" bwrap --ro-bind "$job_root" / --proc /proc --dev /dev --tmpfs /tmp \
        --unshare-pid --unshare-ipc --unshare-uts --unshare-net /bin/stamp
      ;;
    crun) crun_millis cgroupfs "$rounds" "$clients" ;;
    crun-without-cgroups) crun_millis disabled "$rounds" "$clients" ;;
    docker)
      launch_millis "$rounds" "$clients" docker -H "unix://$docker_home/sock" run --rm --network none bench-root /bin/stamp
      ;;
  esac
}

bench_job_start() {
  begin_daemon job-start 1GiB
  make_job_root
  write_crun_bundle
  bench_java start-jobs "$JOBLET_SOCKET" 4 "$((warm_up * 20))" "$job_root" >/dev/null
  if command -v docker >/dev/null && command -v dockerd >/dev/null; then
    begin_docker
    tar -C "$job_root" -c . | docker -H "unix://$docker_home/sock" import - bench-root >/dev/null
  fi
  local who clients everybody=(job)
  for who in bwrap crun crun-without-cgroups docker; do
    if ! command -v "${who%%-*}" >/dev/null || { [ "$who" = docker ] && [ -z "$docker_pid" ]; }; then
      complain "$who is missing (packages bubblewrap, crun, docker.io): not compared with it"
    else
      everybody+=("$who")
    fi
  done
  for clients in 1 8; do
    rm -f "$throwaway"/millis-*
    start_in_turns "$clients"
    note "job start to first instruction, $clients at a time" "$(median_of job) ms"
    for who in "${everybody[@]:1}"; do against_other "$who" "$clients" "$(median_of job)" "$(median_of "$who")"; done
  done
  end_docker
  end_daemon
}

# In blocks that take turns: how fast the machine is differs by a third from minute to minute. The
# kernel takes network namespaces down later, so each begins when those of the last are gone.
# $1 clients
start_in_turns() {
  local block who
  for ((block = 0; block < 3; block++)); do
    for who in "${everybody[@]}"; do
      sleep 1
      start_all "$who" "$((repeats * 40 / 3 / $1))" "$1" >>"$throwaway/millis-$who"
    done
  done
}

# $1 who
median_of() { median <"$throwaway/millis-$1"; }

# $1 who, $2 clients, $3 our milliseconds, $4 theirs
against_other() {
  local times
  times="$(ratio "$4" "$3")"
  case "$1" in
    bwrap | crun-without-cgroups) note "the same, $1, $2 at a time" "$4 ms, $times x" ;;
    crun) result "job start against crun, $2 at a time" "$times x as fast ($3 ms, crun $4 ms)" "at least 1" "at least" "$times" 1 ;;
    docker)
      result "job start against docker run, $2 at a time" "$times x as fast ($3 ms, docker $4 ms)" "at least 5" \
        "at least" "$times" 5
      ;;
  esac
}

bench_crowd() {
  begin_daemon crowd 1GiB
  make_job_root
  bench_java start-jobs "$JOBLET_SOCKET" 4 "$((warm_up * 10))" "$job_root" >/dev/null
  local i rate starts all
  for ((i = 0; i < repeats; i++)); do
    read -r rate starts all < <(bench_java crowd "$JOBLET_SOCKET" 100 "$job_root")
    [ -n "$all" ] || die "not all of 100 jobs ended as they should"
    note "100 jobs at a time, a second each" "$rate starts/s, all started in $starts s, all ended in $all s"
  done
  end_daemon
}

bench_prepared() {
  local jobs="$prepared" clients p99 attaches=$((repeats * 160))
  begin_daemon prepared 1GiB
  stop_daemon >&2
  export JOBLET_MEMORY_BUDGET=2GiB
  launch >&2
  make_job_root
  bench_java prepare "$JOBLET_SOCKET" "$jobs" "$job_root"
  # What a daemon compiles in its first seconds is measured nowhere else either.
  bench_java attach-all "$JOBLET_SOCKET" "$jobs" 4 "$((warm_up * 8))" >/dev/null
  for clients in 1 8; do
    bench_java attach-all "$JOBLET_SOCKET" "$jobs" "$clients" $((attaches / clients)) >"$throwaway/attaches"
    p99="$(percentile 0.99 <"$throwaway/attaches")"
    result "attach among $jobs prepared file systems, $clients at a time, p99" \
      "$p99 ms (median $(median <"$throwaway/attaches") ms)" "under 50 ms" "at most" "$p99" 50
  done
  bench_java remove "$JOBLET_SOCKET" "$jobs"
  end_daemon
}
