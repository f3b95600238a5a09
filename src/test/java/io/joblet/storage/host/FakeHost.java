package io.joblet.storage.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A host in memory that says what it was told to do, and refuses what it was told to refuse. */
final class FakeHost extends BareHost {
  final List<String> done = new ArrayList<>();
  final Set<String> refuses = new HashSet<>();
  final Set<String> obstacles = new HashSet<>();

  @Override
  public void apply(HostOperation operation) {
    perform("apply " + name(operation));
  }

  @Override
  public void undo(HostOperation operation) {
    perform("undo " + name(operation));
  }

  private static String name(HostOperation operation) {
    return operation instanceof HostOperation.MakeDirectory m
        ? m.path().relative()
        : operation.kind();
  }

  private void perform(String what) {
    done.add(what);
    if (refuses.contains(what)) {
      throw new HostException(what + ": refused", "EIO");
    }
    if (obstacles.contains(what)) {
      throw new ObstacleException(Path.of("/there"), what + ": in the way", "EEXIST", null);
    }
    if (refuses.contains(what + " badly")) {
      throw new IllegalStateException("a mistake in " + what);
    }
  }
}
