package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.size;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.Fields;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.Owner;
import io.joblet.storage.v1.OwnerLimits;
import io.joblet.storage.v1.OwnerUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Owners, their limits and what they have. */
public final class OwnerView {
  private static final String NO_LIMIT = "-";

  private OwnerView() {}

  /** One on each line. */
  public static View<Owner> list() {
    return new View<>(
        OwnerView::document,
        List.of(
            new Column<>("OWNER", Owner::getName),
            new Column<>("VOLUMES", OwnerView::volumes),
            new Column<>("ON DISK", OwnerView::volumeBytes),
            new Column<>("IN MEMORY", OwnerView::memoryBytes),
            new Column<>("JOBS", OwnerView::jobs)),
        "no owners");
  }

  /** For people. */
  public static String lines(Owner owner) {
    return new Fields()
        .add("Owner", owner.getName())
        .add("Volumes", volumes(owner))
        .add("On disk", volumeBytes(owner))
        .add("In memory", memoryBytes(owner))
        .add("Jobs", jobs(owner))
        .lines();
  }

  /** For programs; docs/cli.md lists the keys. */
  public static Map<String, Object> document(Owner owner) {
    OwnerLimits limits = owner.getLimits();
    OwnerUse used = owner.getUsed();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", owner.getName());
    document.put("volumes", used.getVolumes());
    document.put("volume_limit", limits.hasVolumes() ? limits.getVolumes() : null);
    document.put("volume_bytes", used.getVolumeBytes());
    document.put("volume_bytes_limit", limits.hasVolumeBytes() ? limits.getVolumeBytes() : null);
    document.put("memory_bytes", used.getMemoryBytes());
    document.put("memory_bytes_limit", limits.hasMemoryBytes() ? limits.getMemoryBytes() : null);
    document.put("jobs", used.getJobs());
    document.put("job_limit", limits.hasJobs() ? limits.getJobs() : null);
    document.put("row_version", owner.getRowVersion());
    return document;
  }

  private static String volumes(Owner owner) {
    OwnerLimits limits = owner.getLimits();
    return owner.getUsed().getVolumes()
        + "/"
        + (limits.hasVolumes() ? Long.toString(limits.getVolumes()) : NO_LIMIT);
  }

  private static String volumeBytes(Owner owner) {
    OwnerLimits limits = owner.getLimits();
    return size(owner.getUsed().getVolumeBytes())
        + "/"
        + (limits.hasVolumeBytes() ? size(limits.getVolumeBytes()) : NO_LIMIT);
  }

  private static String memoryBytes(Owner owner) {
    OwnerLimits limits = owner.getLimits();
    return size(owner.getUsed().getMemoryBytes())
        + "/"
        + (limits.hasMemoryBytes() ? size(limits.getMemoryBytes()) : NO_LIMIT);
  }

  private static String jobs(Owner owner) {
    OwnerLimits limits = owner.getLimits();
    return owner.getUsed().getJobs()
        + "/"
        + (limits.hasJobs() ? Long.toString(limits.getJobs()) : NO_LIMIT);
  }
}
