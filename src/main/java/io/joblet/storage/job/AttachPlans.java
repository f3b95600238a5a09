package io.joblet.storage.job;

import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.LimitJobIo;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.IoLimits;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.Providers;
import io.joblet.storage.volume.Volume;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** From rows to the plan of an attachment; undone, it is the plan of a detachment. */
@ApplicationScoped
public class AttachPlans {
  private static final int JOB_DIRECTORY_MODE = 0755;

  private final Providers providers;

  AttachPlans(Providers providers) {
    this.providers = providers;
  }

  /**
   * Shows the volume in the job's directory.
   *
   * @param alone whether no other attachment of the volume exists: then the plan also stages it,
   *     and its undo takes the stage down
   */
  public HostPlan plan(Volume volume, Attachment attachment, boolean alone) {
    HostPlan stage = alone ? providers.of(volume).stage(volume) : HostPlan.empty();
    return stage.then(limit(attachment)).then(show(volume, attachment));
  }

  /** Before the volume is shown, so that it is undone when the job cannot see it any more. */
  private static HostPlan limit(Attachment attachment) {
    IoLimits limits = attachment.ioLimits.limits();
    return limits.none()
        ? HostPlan.empty()
        : HostPlan.of(
            new LimitJobIo(
                attachment.jobId, attachment.id, Layout.volume(attachment.volumeId), limits));
  }

  /** Where the attachment is in the managed tree. */
  public static ManagedPath target(Attachment attachment) {
    return Layout.job(attachment.jobDirectory).resolve(attachment.mountPath.substring(1));
  }

  private static HostPlan show(Volume volume, Attachment attachment) {
    List<HostOperation> steps = new ArrayList<>();
    ManagedPath place = Layout.job(attachment.jobDirectory);
    steps.add(new MakeDirectory(place, JOB_DIRECTORY_MODE));
    List<String> components = target(attachment).components();
    for (String component : components.subList(1, components.size())) {
      place = place.resolve(component);
      steps.add(new MakeDirectory(place, JOB_DIRECTORY_MODE));
    }
    steps.add(
        new BindMount(
            Layout.volume(attachment.volumeId),
            place,
            attachment.readOnly,
            volume.provider.isMounted()));
    return new HostPlan(steps);
  }
}
