package io.joblet.storage.faults;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kills in a row.
 *
 * @param first in an operation; null where there was none
 * @param starts where each start after it is killed, of which the first would put the operation in
 *     order and every other one the killed start before it
 */
record KillChain(KillPoint first, List<HostCall> starts) {

  KillChain {
    starts = List.copyOf(starts);
  }

  KillChain then(HostCall place) {
    return new KillChain(first, Stream.concat(starts.stream(), Stream.of(place)).toList());
  }

  @Override
  public String toString() {
    String then =
        starts.stream().map(s -> "start killed at " + s).collect(Collectors.joining(", then "));
    return first == null ? then : first + ", then " + then;
  }
}
