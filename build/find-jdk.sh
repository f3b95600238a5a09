# shellcheck shell=sh
# Sourced by ../mvnw, ../run and packaging/joblet-storage: finds a JDK of at least 25 and exports JAVA_HOME.
#
# The `java` on the PATH is often an older one, and Maven run by it cannot build for 25, toolchains
# or not. JDK_MINIMUM and JDK_KIND (javac, or java where a runtime is enough) may be set before.
# The shell's options are kept: mvnw runs with -f (no globbing) and -eu.

jdk_minimum="${JDK_MINIMUM:-25}"
jdk_kind="${JDK_KIND:-javac}"

# Prints the feature version of the Java at $1 as its release file has it; fails without one.
jdk_version() {
  [ -x "$1/bin/$jdk_kind" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_is_enough() {
  jdk_found="$(jdk_version "$1")" || return 1
  [ -n "$jdk_found" ] && [ "$jdk_found" -ge "$jdk_minimum" ]
}

# Homes that may hold one, best first, one on each line.
jdk_candidates() (
  set +f
  if [ -n "${JAVA_HOME-}" ]; then printf '%s\n' "$JAVA_HOME"; fi
  for jdk_release in /usr/lib/jvm/*/release /opt/java/*/release /opt/jdk*/release \
    /opt/java/release "${HOME-/root}"/.sdkman/candidates/java/*/release \
    "${HOME-/root}"/.jdks/*/release; do
    if [ -r "$jdk_release" ]; then printf '%s\n' "${jdk_release%/release}"; fi
  done
  jdk_java="$(command -v java)" || exit 0
  jdk_java="$(readlink -f "$jdk_java")" || exit 0
  printf '%s\n' "${jdk_java%/bin/java}"
)

find_jdk() {
  while IFS= read -r jdk_home; do
    if jdk_is_enough "$jdk_home"; then
      JAVA_HOME="$jdk_home"
      export JAVA_HOME
      return 0
    fi
  done <<JDK_HOMES
$(jdk_candidates)
JDK_HOMES
  {
    echo "No JDK $jdk_minimum or newer found. Looked at JAVA_HOME (${JAVA_HOME:-not set}), /usr/lib/jvm,"
    echo "/opt, ~/.sdkman, ~/.jdks and the java on the PATH."
    echo "Install one (for example the package temurin-$jdk_minimum-jdk) or set JAVA_HOME."
  } >&2
  return 1
}

find_jdk || exit 1

# Spotless and Guava inside Maven still use sun.misc.Unsafe, about which JDK 25 warns at every build.
if [ "$jdk_kind" = javac ]; then
  MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS-}"
  export MAVEN_OPTS
fi
