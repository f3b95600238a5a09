package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.age;
import static io.joblet.storage.cli.output.Shown.instant;
import static io.joblet.storage.cli.output.Shown.size;
import static io.joblet.storage.cli.output.Shown.text;
import static io.joblet.storage.cli.output.Shown.time;

import io.joblet.storage.cli.output.Fields;
import io.joblet.storage.v1.GetNodeResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The daemon and its host. */
public record NodeView(GetNodeResponse node) {

  /** For programs; docs/cli.md lists the keys. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", text(node.getName()));
    document.put("version", text(node.getVersion()));
    document.put("boot_id", text(node.getBootId()));
    document.put("started_at", time(node.hasStartedAt(), node.getStartedAt()));
    document.put("provider", text(node.getProvider()));
    document.put("provider_reason", text(node.getProviderReason()));
    document.put("pool_size_bytes", node.getPoolSizeBytes());
    document.put("pool_free_bytes", node.getPoolFreeBytes());
    document.put("allocated_bytes", node.getAllocatedBytes());
    document.put("memory_budget_bytes", node.getMemoryBudgetBytes());
    document.put("memory_allocated_bytes", node.getMemoryAllocatedBytes());
    document.put("volumes_directory", text(node.getVolumesDirectory()));
    document.put("jobs_directory", text(node.getJobsDirectory()));
    return document;
  }

  /** For people. */
  public String lines(Instant now) {
    return new Fields()
        .add("Node", node.getName())
        .add("Version", node.getVersion())
        .add("Boot ID", node.getBootId())
        .add("Started", started(now))
        .add("Provider", provider())
        .add("Pool", size(node.getPoolFreeBytes()) + " free of " + size(node.getPoolSizeBytes()))
        .add("Allocated", size(node.getAllocatedBytes()))
        .add("Memory", memory())
        .add("Volumes in", node.getVolumesDirectory())
        .add("Jobs in", node.getJobsDirectory())
        .lines();
  }

  private String started(Instant now) {
    return node.hasStartedAt()
        ? instant(node.getStartedAt()) + " (" + age(instant(node.getStartedAt()), now) + " ago)"
        : "";
  }

  private String provider() {
    return node.getProviderReason().isEmpty()
        ? node.getProvider()
        : node.getProvider() + " (" + node.getProviderReason() + ")";
  }

  private String memory() {
    return size(node.getMemoryAllocatedBytes())
        + " allocated of "
        + size(node.getMemoryBudgetBytes());
  }
}
