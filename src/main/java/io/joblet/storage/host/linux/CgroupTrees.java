package io.joblet.storage.host.linux;

import io.joblet.storage.host.MountEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The hierarchies that can be used on this host, and why others cannot. Version 2, version 1 and
 * both beside each other are the same here: each controller is in one of them.
 */
final class CgroupTrees implements AutoCloseable {
  private final List<CgroupTree> usable = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();

  static CgroupTrees open(List<MountEntry> mounts, String home) {
    CgroupTrees trees = new CgroupTrees();
    for (CgroupMount mount : CgroupMount.among(mounts)) {
      try {
        trees.usable.add(CgroupTree.open(mount, home));
      } catch (KernelRefusal e) {
        trees.reasons.add(mount.path() + " cannot be used: " + e.getMessage());
      }
    }
    return trees;
  }

  List<CgroupTree> usable() {
    return usable;
  }

  Optional<CgroupTree> with(Controller controller) {
    return usable.stream().filter(tree -> tree.has(controller)).findFirst();
  }

  /** Why no cgroup can be limited by that controller; empty if one can. */
  Optional<String> lacks(Controller controller) {
    if (with(controller).isPresent()) {
      return Optional.empty();
    }
    String name = controller.unifiedName();
    return Optional.of(
        reasons.isEmpty()
            ? "this host has no " + name + " controller for cgroups"
            : "no " + name + " controller for cgroups: " + String.join("; ", reasons));
  }

  @Override
  public void close() {
    usable.forEach(CgroupTree::close);
  }
}
