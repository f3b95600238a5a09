package io.joblet.storage.host.linux;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** The controllers of cgroups(7) that jobs are limited by, under both their names. */
enum Controller {
  PIDS("pids", "pids"),
  MEMORY("memory", "memory"),
  IO("blkio", "io");

  private final String v1;
  private final String v2;

  Controller(String v1, String v2) {
    this.v1 = v1;
    this.v2 = v2;
  }

  /** The name in {@code cgroup.controllers}. */
  String unifiedName() {
    return v2;
  }

  /** Those that the superblock options of a v1 hierarchy name. */
  static Set<Controller> ofOptions(Set<String> options) {
    return select(c -> options.contains(c.v1));
  }

  /** Those in the text of {@code cgroup.controllers} or {@code cgroup.subtree_control}. */
  static Set<Controller> ofUnified(String text) {
    Set<String> names = Set.copyOf(Arrays.asList(text.strip().split(" ", -1)));
    return select(c -> names.contains(c.v2));
  }

  private static Set<Controller> select(java.util.function.Predicate<Controller> chosen) {
    Set<Controller> selected = EnumSet.noneOf(Controller.class);
    Arrays.stream(values()).filter(chosen).forEach(selected::add);
    return selected;
  }
}
