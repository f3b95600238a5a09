package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Host.LoopDevice;
import io.joblet.storage.host.Host.Qgroup;
import io.joblet.storage.host.Host.Quotas;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.MountEntry;
import io.joblet.storage.volume.VolumeRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is on the host, read once for a whole inspection: a question per volume would take minutes
 * where this takes milliseconds. It ages from the moment it is read; what looks wrong by it is
 * looked at again before anything is said or done.
 */
record HostInventory(
    Set<String> volumes,
    Set<String> images,
    Set<String> trash,
    Set<String> quarantine,
    Map<String, Long> records,
    Set<String> jobs,
    Quotas quotas,
    Map<Long, Qgroup> qgroups,
    Map<String, List<MountEntry>> mountsByTarget,
    List<LoopDevice> loopDevices,
    Set<UUID> jobCgroups) {

  static HostInventory read(Host host) {
    return new HostInventory(
        host.list(ManagedRoot.VOLUMES, ""),
        host.list(ManagedRoot.VOLUMES, Layout.IMAGES),
        host.list(ManagedRoot.VOLUMES, Layout.TRASH),
        host.list(ManagedRoot.VOLUMES, Layout.QUARANTINE),
        host.checksums(ManagedRoot.VOLUMES, Layout.RECORDS, VolumeRecord.LONGEST),
        host.list(ManagedRoot.JOBS, ""),
        host.quotas(),
        host.qgroups().stream().collect(Collectors.toMap(Qgroup::id, Function.identity())),
        host.mounts().stream().collect(Collectors.groupingBy(MountEntry::target)),
        host.loopDevices(),
        host.jobCgroups());
  }
}
