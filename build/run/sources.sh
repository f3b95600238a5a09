# shellcheck shell=bash
# Builds what is not built, or older than its sources. The tests are ./mvnw verify's.

built_marker="${top:?}/target/.run-built"

is_built() {
  [ -f "$built_marker" ] && [ -f "$top/target/quarkus-app/quarkus-run.jar" ] || return 1
  local newer
  newer="$(find "$top/pom.xml" "$top/src/main" "$top/db" "$top/packaging" -newer "$built_marker" -print -quit 2>/dev/null)"
  [ -z "$newer" ]
}

build_if_needed() {
  # shellcheck source=build/find-jdk.sh
  . "$top/build/find-jdk.sh"
  is_built && return 0
  step "Building (the first time downloads what it needs and takes some minutes)"
  mkdir -p "$top/target"
  # Dated before the build, so that a change made meanwhile is noticed next time.
  touch "$built_marker.started"
  rm -f "$top/target/quarkus-app/app.aot"
  "$top/mvnw" -q -DskipTests -Dspotless.check.skip -Dcheckstyle.skip package \
    || die "the build failed; see above"
  mv "$built_marker.started" "$built_marker"
  train_cache
}

# A start without the cache is slower and otherwise the same, so failing to make one is no failure.
train_cache() {
  step "Training the start-up cache"
  if "$top/build/train-cache" >"$top/target/train-cache.log" 2>&1; then
    say "$(du -h "$top/target/quarkus-app/app.aot" | cut -f1) in target/quarkus-app/app.aot"
  else
    complain "no cache, so starts take longer; target/train-cache.log says why"
  fi
}
