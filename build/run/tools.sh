# shellcheck shell=bash
# System tools the daemon uses. Each is installed after saying so, or what is lost without it is said.

need_root() {
  [ "$(id -u)" -eq 0 ] || die "the daemon mounts file systems and so needs root; try: sudo $0 $*"
}

# $1 a command, $2 its Debian packages, $3 what is lost without it
want_tool() {
  command -v "$1" >/dev/null && return 0
  if [ "${install_tools:?}" = no ]; then
    complain "$1 (package $2) is missing: $3"
    return 0
  fi
  if ! command -v apt-get >/dev/null; then
    complain "$1 (package $2) is missing and there is no apt-get: $3"
    return 0
  fi
  say "Installing $2 with apt-get, for $1; --no-install leaves the system as it is."
  local packages
  read -ra packages <<<"$2"
  if ! install_packages "${packages[@]}"; then
    complain "installing $2 failed: $3"
  fi
}

install_packages() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return 0
  # A fresh machine may never have fetched the lists.
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

want_tools() {
  want_tool mkfs.btrfs btrfs-progs \
    "no btrfs pool can be made; each volume becomes an ext4 image, which is slower to make and reserves its whole size"
  want_tool mkfs.ext4 e2fsprogs "volumes cannot be ext4 images, so a host without btrfs has none on disk"
  want_tool cc "gcc libc6-dev" "the job supervisor, a small C program, cannot be built"
  want_tool setpriv util-linux "the embedded PostgreSQL cannot start; set JOBLET_DATABASE_URL to an external one"
}
