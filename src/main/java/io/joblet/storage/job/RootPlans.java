package io.joblet.storage.job;

import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MakeJobCgroup;
import io.joblet.storage.host.HostOperation.MountJobRoot;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.JobLimits;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From rows to the plan of a job's root; undone, it takes the job off the host. */
final class RootPlans {
  private static final int JOB_DIRECTORY_MODE = 0755;
  private static final int STATE_DIRECTORY_MODE = 0700;

  private RootPlans() {}

  /**
   * The root, and with a run what its processes need beside it. Undone, the directory of a run's
   * output stays, since there is output in it.
   */
  static HostPlan plan(Job job, JobFilesystem filesystem, Optional<JobRun> run) {
    ManagedPath directory = Layout.job(job.directory);
    List<HostOperation> steps = new ArrayList<>();
    steps.add(new MakeDirectory(directory, JOB_DIRECTORY_MODE));
    run.ifPresent(r -> {
      steps.add(new MakeDirectory(Layout.run(job.id), STATE_DIRECTORY_MODE));
      steps.add(new MakeJobCgroup(job.id, limits(r)));
    });
    steps.add(new MountJobRoot(directory, filesystem.root()));
    return new HostPlan(steps);
  }

  static JobLimits limits(JobRun run) {
    return new JobLimits(run.pidsLimit, 0);
  }
}
