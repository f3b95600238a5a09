package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.MountEntry;
import io.joblet.storage.job.AttachPlans;
import io.joblet.storage.job.StageRepair;
import io.joblet.storage.reconcile.Finding.Severity;
import io.joblet.storage.volume.Attachment;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Mounts in jobs' directories that no attachment explains, and volumes mounted for nobody. */
@ApplicationScoped
class StrayMountCheck implements Check {
  private final Host host;
  private final StageRepair stages;

  StrayMountCheck(Host host, StageRepair stages) {
    this.host = host;
    this.stages = stages;
  }

  @Override
  public void inspect(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    Set<String> explained =
        rows.attachments().stream()
            .map(a -> host.display(AttachPlans.target(a)))
            .collect(Collectors.toSet());
    Set<String> roots =
        rows.jobs().values().stream()
            .filter(RowInventory.LiveJob::hasFilesystem)
            .map(j -> host.display(Layout.job(j.directory())))
            .collect(Collectors.toSet());
    for (String target : onHost.mountsByTarget().keySet()) {
      if (belowJobs(target) && !explained.contains(target) && !ofRoot(target, roots)) {
        MountEntry top = onHost.mountsByTarget().get(target).getLast();
        findings.accept(
            Finding.of(
                Severity.WARNING,
                "unknown-mount",
                target,
                "no attachment explains the mount of " + top.source() + top.root()));
      }
    }
    Set<java.util.UUID> held =
        rows.attachments().stream().map((Attachment a) -> a.volumeId).collect(Collectors.toSet());
    for (RowInventory.Row row : rows.volumes().values()) {
      boolean staged = row.provider().isMounted() && onHost.volumes().contains(row.id().toString());
      if (staged && !held.contains(row.id())) {
        findings.accept(staleStage(row));
      }
    }
  }

  /** The root of a job that lives, what its root is made of, and what all roots share. */
  private boolean ofRoot(String target, Set<String> roots) {
    String parent = target.substring(0, target.lastIndexOf('/'));
    return roots.contains(target)
        || roots.contains(parent)
        || target.equals(host.display(Layout.job(Layout.JOB_BASE)));
  }

  private Finding staleStage(RowInventory.Row row) {
    return Finding.of(
            Severity.WARNING,
            "stale-stage",
            host.display(Layout.volume(row.id())),
            "volume '" + row.name() + "' is mounted although nobody holds it")
        .withRemedy("unmount it", () -> stages.takeDown(row.id()));
  }

  private boolean belowJobs(String target) {
    String anyJob = host.display(ManagedPath.of(ManagedRoot.JOBS, "x"));
    String root = anyJob.substring(0, anyJob.length() - 1);
    return target.startsWith(root) && target.length() > root.length();
  }
}
