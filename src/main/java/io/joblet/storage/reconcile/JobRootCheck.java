package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Layout;
import io.joblet.storage.job.RootRepair;
import io.joblet.storage.reconcile.Finding.Severity;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Root file systems of jobs that are not there (a reboot, an admin's umount), and cgroups that no
 * job explains. Before the volumes in them: those can only be shown in a root that is there.
 */
@ApplicationScoped
@Priority(JobRootCheck.FIRST)
class JobRootCheck implements Check {
  static final int FIRST = 100;

  private final Host host;
  private final RootRepair repair;

  JobRootCheck(Host host, RootRepair repair) {
    this.host = host;
    this.repair = repair;
  }

  @Override
  public void inspect(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    for (RowInventory.LiveJob job : rows.jobs().values()) {
      String root = host.display(Layout.job(job.directory()));
      if (job.hasFilesystem() && !onHost.mountsByTarget().containsKey(root)) {
        findings.accept(missing(job, root));
      }
    }
    for (UUID id : onHost.jobCgroups()) {
      if (!rows.jobs().containsKey(id)) {
        findings.accept(
            Finding.of(
                    Severity.WARNING,
                    "unknown-job-cgroup",
                    id.toString(),
                    "no job explains this cgroup")
                .withRemedy("end what is in it and remove it", () -> repair.removeCgroup(id)));
      }
    }
  }

  private Finding missing(RowInventory.LiveJob job, String root) {
    Finding finding =
        Finding.of(
            Severity.WARNING,
            "missing-root",
            root,
            "the root file system of job '" + job.name() + "' is not mounted");
    // The root of a command that runs is in its own namespace, and another would not be that one.
    return job.run() != null
        ? finding
        : finding.withRemedy("mount it again", () -> repair.repeat(job.id()));
  }
}
