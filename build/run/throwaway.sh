# shellcheck shell=bash
# Directories, socket and pool for one daemon that touches no real installation, and their removal.

throwaway=''

# Sets JOBLET_* to places below a new directory. What was set before, or is set in a real
# installation's files, must not shine through: the database above all.
make_throwaway() {
  local name
  for name in "${!JOBLET_@}"; do unset "$name"; done
  throwaway="$(mktemp -d "${TMPDIR:-/var/tmp}/joblet-$1.XXXXXX")"
  # The embedded PostgreSQL's own user passes through here.
  chmod 0711 "$throwaway"
  export JOBLET_STATE_DIRECTORY="$throwaway/state"
  export JOBLET_VOLUMES_DIRECTORY="$throwaway/state/volumes"
  export JOBLET_JOBS_DIRECTORY="$throwaway/jobs"
  export JOBLET_RUN_DIRECTORY="$throwaway/run"
  export JOBLET_SOCKET="$throwaway/run/storage.sock"
  export JOBLET_JAVA_OPTS="-Djoblet-storage.settings=$throwaway/none"
  export JOBLET_POOL_SIZE=384MiB
  export JOBLET_POOL_RESERVE=16MiB
  # shellcheck source=build/run/daemon.sh
  . "${top:?}/build/run/daemon.sh"
}

throwaway_mounts() {
  # mountinfo escapes blanks as octal; the directory's own name has none.
  awk -v below="$throwaway" 'index($5, below "/") == 1 { print $5 }' /proc/self/mountinfo
}

throwaway_loop_devices() {
  local backing
  for backing in /sys/block/loop*/loop/backing_file; do
    [ -r "$backing" ] || continue
    case "$(cat "$backing" 2>/dev/null)" in
      "$throwaway"/*) printf '/dev/%s\n' "$(basename "${backing%/loop/backing_file}")" ;;
    esac
  done
}

# Processes whose working directory or environment is below it: the daemon and its PostgreSQL.
throwaway_processes() {
  local process
  for process in /proc/[0-9]*; do
    case "$(readlink "$process/cwd" 2>/dev/null)" in
      "$throwaway"/*) printf '%s\n' "${process#/proc/}" ;;
      *)
        if grep -qzF "JOBLET_STATE_DIRECTORY=$throwaway/" "$process/environ" 2>/dev/null \
          && [ "$(tr '\0' ' ' <"$process/cmdline" | grep -c quarkus-run.jar)" -gt 0 ]; then
          printf '%s\n' "${process#/proc/}"
        fi
        ;;
    esac
  done 2>/dev/null
}

# The daemon keeps its pool and its private mounts over a stop, for the jobs. Here nobody needs them.
unmount_throwaway() {
  local mount tries=0
  while mount="$(throwaway_mounts | tail -n 1)" && [ -n "$mount" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 50 ] || ! umount "$mount"; then
      complain "$mount is still mounted"
      return 1
    fi
  done
}

# Says what is left of mounts, loop devices and processes; fails when anything is.
check_throwaway_is_gone() {
  local left waited=0
  while true; do
    left="$(throwaway_mounts; throwaway_loop_devices; throwaway_processes)"
    [ -n "$left" ] || return 0
    # The kernel lets go of a loop device, and PostgreSQL ends, a moment after what held them.
    [ "$waited" -lt 50 ] || break
    sleep 0.1
    waited=$((waited + 1))
  done
  complain "left behind below $throwaway:"
  printf '%s\n' "$left" >&2
  return 1
}

remove_throwaway_files() {
  [ -z "$(throwaway_mounts)" ] || return 1
  rm -rf --one-file-system "$throwaway"
}

# For a trap: whatever happened, nothing of it stays. Not counted as success by anybody.
wipe_throwaway() {
  [ -n "$throwaway" ] && [ -d "$throwaway" ] || return 0
  local pid
  if pid="$(daemon_pid)"; then kill -KILL "$pid"; fi
  for pid in $(throwaway_processes); do kill -INT "$pid" 2>/dev/null || true; done
  unmount_throwaway && check_throwaway_is_gone && remove_throwaway_files
}
