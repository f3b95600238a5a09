package io.joblet.storage.host;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A host that has nothing and can do nothing; others begin from it. */
public abstract class BareHost implements Host {
  @Override
  public Capabilities capabilities() {
    return new Capabilities(false, false, "a bare host");
  }

  @Override
  public String bootId() {
    return "bare";
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
  public boolean isExt4(ManagedPath path) {
    return false;
  }

  @Override
  public boolean wasUsed(ManagedPath path) {
    return false;
  }

  @Override
  public Optional<Top> top(ManagedPath path) {
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
  public Quotas quotas() {
    return Quotas.ON;
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
