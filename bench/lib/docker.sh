# shellcheck shell=bash
# A Docker engine of its own, without network, for volumes alone.

docker_home=''
docker_pid=''

begin_docker() {
  docker_home="$(mktemp -d "${TMPDIR:-/var/tmp}/joblet-bench-docker.XXXXXX")"
  dockerd --iptables=false --ip6tables=false --bridge=none --storage-driver=vfs \
    --data-root="$docker_home/data" --exec-root="$docker_home/exec" --pidfile="$docker_home/pid" \
    -H "unix://$docker_home/sock" >"$docker_home/log" 2>&1 &
  docker_pid=$!
  local waited=0
  until curl -s --max-time 2 --unix-socket "$docker_home/sock" http://docker/_ping >/dev/null; do
    waited=$((waited + 1))
    if [ "$waited" -gt 150 ] || ! kill -0 "$docker_pid" 2>/dev/null; then
      tail -n 5 "$docker_home/log" >&2
      die "dockerd does not answer on $docker_home/sock"
    fi
    sleep 0.2
  done
}

end_docker() {
  [ -n "$docker_pid" ] || return 0
  kill "$docker_pid" 2>/dev/null || true
  wait "$docker_pid" 2>/dev/null || true
  docker_pid=''
  rm -rf --one-file-system "$docker_home"
}
