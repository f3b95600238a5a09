package io.joblet.storage.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A host in memory that says what it was told to do, and refuses what it was told to refuse. */
final class FakeHost implements Host {
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

  @Override
  public Capabilities capabilities() {
    return new Capabilities(false, false, "a fake");
  }

  @Override
  public String bootId() {
    return "fake";
  }

  @Override
  public Space space(ManagedRoot root) {
    return new Space(0, 0, 0, 0);
  }

  @Override
  public Set<String> list(ManagedRoot root, String directory) {
    return Set.of();
  }

  @Override
  public Map<String, Long> checksums(ManagedRoot root, String directory, int atMost) {
    return Map.of();
  }

  @Override
  public Optional<byte[]> read(ManagedPath path, int atMost) {
    return Optional.empty();
  }

  @Override
  public boolean exists(ManagedPath path) {
    return false;
  }

  @Override
  public Optional<Long> fileSize(ManagedPath path) {
    return Optional.empty();
  }

  @Override
  public Optional<Long> qgroupOf(ManagedPath path) {
    return Optional.empty();
  }

  @Override
  public boolean isSubvolume(ManagedPath path) {
    return false;
  }

  @Override
  public List<MountEntry> mounts() {
    return List.of();
  }

  @Override
  public Optional<Space> mountedSpace(ManagedPath path) {
    return Optional.empty();
  }

  @Override
  public List<Qgroup> qgroups() {
    return List.of();
  }

  @Override
  public Optional<Qgroup> qgroup(long id) {
    return Optional.empty();
  }

  @Override
  public List<LoopDevice> loopDevices() {
    return List.of();
  }

  @Override
  public List<Pin> pinnedBy(ManagedPath path) {
    return List.of();
  }

  @Override
  public List<Pin> shownElsewhere(ManagedPath path) {
    return List.of();
  }

  @Override
  public Optional<ProcessIdentity> process(long pid) {
    return Optional.empty();
  }

  @Override
  public boolean alive(ProcessIdentity process) {
    return true;
  }

  @Override
  public Set<UUID> jobCgroups() {
    return Set.of();
  }

  @Override
  public List<String> unenforced(JobLimits limits) {
    return List.of();
  }

  @Override
  public List<String> unenforced(ManagedPath volume, IoLimits limits) {
    return List.of();
  }

  @Override
  public boolean hasUsualUserland() {
    return true;
  }

  @Override
  public Optional<UUID> installation() {
    return Optional.empty();
  }

  @Override
  public void markInstallation(UUID installationId) {}

  @Override
  public void replaceInstallation(UUID former, UUID installationId) {}

  @Override
  public String display(ManagedPath path) {
    return path.toString();
  }
}
