package io.joblet.storage.host.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ways into the cgroups of one job, none of which moves a process that others could fork or execute
 * meanwhile: that would wait for a grace period of the kernel's. The right to enter is that of
 * whoever opened them.
 *
 * @param unified the directory of its cgroup of version 2, for clone3(2) with CLONE_INTO_CGROUP
 * @param tasks files of its cgroups of version 1; a process of one thread writes "0" to each
 */
record Entrances(Optional<Descriptor> unified, List<Descriptor> tasks) implements AutoCloseable {

  /** In the order in which a supervisor expects them. */
  List<Descriptor> all() {
    List<Descriptor> all = new ArrayList<>();
    unified.ifPresent(all::add);
    all.addAll(tasks);
    return all;
  }

  @Override
  public void close() {
    all().forEach(Descriptor::close);
  }
}
