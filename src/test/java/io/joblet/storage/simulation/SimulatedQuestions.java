package io.joblet.storage.simulation;

import io.joblet.storage.host.BareHost;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.MountEntry;
import io.joblet.storage.simulation.HostState.Entry;
import io.joblet.storage.simulation.HostState.Mount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.CRC32C;

/** The half of {@link SimulatedHost} that only looks. */
abstract class SimulatedQuestions extends BareHost {
  private static final long POOL = 1L << 40;

  private final HostState state;

  SimulatedQuestions(HostState state) {
    this.state = state;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, "");
  }

  @Override
  public String bootId() {
    return state.bootId();
  }

  @Override
  public Space space(ManagedRoot root) {
    return new Space(POOL, POOL, 0, 0);
  }

  @Override
  public Set<String> list(ManagedRoot root, String directory) {
    String above = root + ":" + (directory.isEmpty() ? "" : directory + "/");
    Set<String> names = new TreeSet<>();
    for (String path : state.entries.keySet()) {
      if (path.startsWith(above)) {
        String rest = path.substring(above.length());
        int slash = rest.indexOf('/');
        names.add(slash < 0 ? rest : rest.substring(0, slash));
      }
    }
    return names;
  }

  @Override
  public Map<String, Long> checksums(ManagedRoot root, String directory, int atMost) {
    Map<String, Long> sums = new TreeMap<>();
    for (String name : list(root, directory)) {
      read(ManagedPath.of(root, directory + "/" + name), atMost)
          .ifPresent(content -> {
            CRC32C sum = new CRC32C();
            sum.update(content);
            sums.put(name, sum.getValue());
          });
    }
    return sums;
  }

  @Override
  public Optional<byte[]> read(ManagedPath path, int atMost) {
    return Optional.ofNullable(state.content(path.toString()))
        .map(content -> content.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<Long> fileSize(ManagedPath path) {
    return Optional.ofNullable(state.entries.get(path.toString()))
        .filter(there -> there.kind().equals("image"))
        .map(Entry::size);
  }

  @Override
  public boolean isExt4(ManagedPath path) {
    return fileSize(path).isPresent();
  }

  @Override
  public Optional<Long> qgroupOf(ManagedPath path) {
    return Optional.ofNullable(state.entries.get(path.toString()))
        .filter(there -> there.kind().equals("subvolume"))
        .map(Entry::qgroup);
  }

  @Override
  public boolean exists(ManagedPath path) {
    return state.entries.containsKey(path.toString());
  }

  @Override
  public boolean isSubvolume(ManagedPath path) {
    Entry there = state.entries.get(path.toString());
    return there != null && there.kind().equals("subvolume");
  }

  @Override
  public List<MountEntry> mounts() {
    List<MountEntry> entries = new ArrayList<>();
    state.mounts.forEach((target, mount) -> entries.add(entry(target, mount)));
    entries.sort(Comparator.comparing(MountEntry::mountId));
    return entries;
  }

  private static MountEntry entry(String target, Mount mount) {
    return new MountEntry(
        mount.id(),
        0,
        "0:" + mount.device(),
        mount.kind().equals("bind") && mount.device() == 0
            ? "/" + mount.source().substring(mount.source().indexOf(':') + 1)
            : "/",
        shown(target),
        mount.readOnly() ? Set.of("ro") : Set.of("rw"),
        mount.kind(),
        mount.source(),
        Set.of(),
        Set.of());
  }

  @Override
  public Optional<Space> mountedSpace(ManagedPath path) {
    return Optional.ofNullable(state.mounts.get(path.toString()))
        .map(m -> new Space(m.size(), m.size(), 0, 0));
  }

  @Override
  public List<Qgroup> qgroups() {
    List<Qgroup> groups = new ArrayList<>();
    state.qgroups.forEach((id, limit) -> groups.add(new Qgroup(id, limit, 0)));
    return groups;
  }

  @Override
  public Optional<Qgroup> qgroup(long id) {
    return Optional.ofNullable(state.qgroups.get(id)).map(limit -> new Qgroup(id, limit, 0));
  }

  @Override
  public List<LoopDevice> loopDevices() {
    return state.mounts.values().stream()
        .filter(m -> m.kind().equals("image"))
        .map(m -> new LoopDevice("/dev/loop" + m.device(), shown(m.source())))
        .toList();
  }

  @Override
  public Optional<ProcessIdentity> process(long pid) {
    HostState.Running process = state.processes.get(pid);
    return process != null && process.alive()
        ? Optional.of(new ProcessIdentity(bootId(), pid, process.startTicks()))
        : Optional.empty();
  }

  @Override
  public boolean alive(ProcessIdentity process) {
    return process(process.pid()).equals(Optional.of(process));
  }

  @Override
  public Optional<UUID> installation() {
    return state.installation;
  }

  @Override
  public void markInstallation(UUID installationId) {
    state.installation = Optional.of(installationId);
  }

  @Override
  public void replaceInstallation(UUID former, UUID installationId) {
    state.installation = Optional.of(installationId);
  }

  @Override
  public String display(ManagedPath path) {
    return shown(path.toString());
  }

  private static String shown(String path) {
    return "/" + path.replace(':', '/');
  }
}
