package io.joblet.storage.job;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Layout;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.Volume;
import jakarta.enterprise.context.ApplicationScoped;

/** Where things are on this host, for people: never opened, never mounted by these texts. */
@ApplicationScoped
public class Places {
  private final Host host;

  Places(Host host) {
    this.host = host;
  }

  /** The volume's own directory. */
  public String of(Volume volume) {
    return host.display(Layout.volume(volume.id));
  }

  /** Where a job sees the volume, from outside. */
  public String of(Attachment attachment) {
    return host.display(AttachPlans.target(attachment));
  }

  /** The job's directory. */
  public String of(Job job) {
    return host.display(Layout.job(job.directory));
  }
}
