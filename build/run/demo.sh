# shellcheck shell=bash
# ./run demo: the life of one volume, and a job that uses it, with real output, on directories of its own.

# shellcheck source=build/run/throwaway.sh
. "${top:?}/build/run/throwaway.sh"

demo_file=''
demo_sum=''

run_demo() {
  make_throwaway demo
  trap wipe_throwaway EXIT
  demo_file="$JOBLET_JOBS_DIRECTORY/demo-job/volumes/data/fill"
  say "Everything happens below $throwaway."
  demo_create_and_fill
  demo_survive_kill
  demo_run
  demo_take_down
  demo_leaves_nothing
  trap - EXIT
  step "Done: nothing is left, and this machine is as it was"
}

demo_create_and_fill() {
  step "1. Start a daemon with its own PostgreSQL, and make a volume of 64 MB"
  launch
  show rnx volume create data --size=64MB --label=made-by=demo
  step "2. Attach it to a job, and write until the limit stops it"
  show rnx volume attach data --job=demo-job
  if show dd if=/dev/urandom of="$demo_file" bs=1M count=100 conv=fsync; then
    die "100 MB went into a volume of 64 MB"
  fi
  local size
  size="$(stat -c %s "$demo_file")"
  if [ "$size" -gt $((64 << 20)) ] || [ "$size" -lt $((32 << 20)) ]; then
    die "the file has $size bytes, which is not what a limit of 64 MB lets through"
  fi
  say "  The limit held at $size bytes."
}

demo_survive_kill() {
  local before after pid
  before="$(demo_checksum)"
  step "3. Kill the daemon with -9, and start it again"
  pid="$(daemon_pid)"
  show kill -9 "$pid"
  wait "$pid" 2>/dev/null || true
  launch
  step "4. Everything is as it was"
  show rnx volume list
  show rnx volume inspect data
  expect_in_list data
  after="$(demo_checksum)"
  demo_sum="$after"
  [ "$before" = "$after" ] || die "the file's checksum was $before and is $after"
  say "  The file's SHA-256 is the same: $after"
  if dd if=/dev/zero of="$demo_file.more" bs=1M count=48 conv=fsync 2>/dev/null; then
    die "the limit no longer holds after the restart"
  fi
  say "  The limit still holds."
}

demo_run() {
  local printed
  step "5. Run a command in a root file system of its own, with the volume read-only"
  show rnx volume detach data --job=demo-job
  show rnx run --volume=data:/data:ro sh -c 'id; df -h /data /work; ls -l /data'
  printed="$(rnx run --rm --volume=data:/data:ro sha256sum /data/fill | cut -d' ' -f1)"
  [ "$printed" = "$demo_sum" ] || die "the job read a file of the checksum '$printed', not $demo_sum"
  say "  The job read the same file: its SHA-256 is the same."
  show rnx job list --all
}

demo_take_down() {
  step "6. Remove it"
  show rnx volume remove data --purge
  show rnx volume list
  [ "$(rnx volume list --format=json | grep -c '"name"')" -eq 0 ] || die "the list is not empty"
  show rnx volume doctor
  step "7. Stop the daemon"
  stop_daemon
}

demo_leaves_nothing() {
  local below
  # The pool, the jobs' directory, and in it what the roots of all jobs show, stay over a stop.
  below="$(throwaway_mounts | grep -vxF -e "$JOBLET_VOLUMES_DIRECTORY" -e "$JOBLET_JOBS_DIRECTORY" \
    -e "$JOBLET_JOBS_DIRECTORY/.base" || true)"
  [ -z "$below" ] || die "still mounted after the detach: $below"
  unmount_throwaway
  check_throwaway_is_gone
  remove_throwaway_files
  [ ! -e "$throwaway" ] || die "$throwaway is still there"
}

demo_checksum() { sha256sum "$demo_file" | cut -d' ' -f1; }

# A grep that has seen enough would end the pipe, and so rnx, before rnx has written everything.
expect_in_list() {
  local list
  list="$(rnx volume list --format=json)"
  grep -q "\"$1\"" <<<"$list" || die "volume $1 is not in the list"
}
