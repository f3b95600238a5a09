package io.joblet.storage.daemon;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.host.linux.LinuxHost;
import io.joblet.storage.host.linux.LinuxHostSettings;
import io.joblet.storage.reconcile.Startup;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/**
 * The real host, for as long as the daemon runs; and what is done with it before anybody is served.
 */
@ApplicationScoped
class HostOpening {

  @Produces
  @Singleton
  LinuxHost open(StorageConfig config) {
    return LinuxHost.open(
        new LinuxHostSettings(
            Path.of(config.volumesDirectory()),
            Path.of(config.jobsDirectory()),
            Path.of(config.stateDirectory()).resolve("pool.btrfs"),
            config.pool().size().bytes(),
            config.filesystem().provider(),
            Path.of(config.stateDirectory()),
            config.limits().helperTimeout(),
            Path.of(config.runDirectory()),
            Path.of(config.job().etc())));
  }

  /** Closed with the host. */
  @Produces
  @Singleton
  JobProcesses jobs(LinuxHost host) {
    return host.jobs();
  }

  /** Volumes and jobs outlive the daemon: nothing is unmounted. */
  void close(@Disposes LinuxHost host) {
    host.close();
  }

  /** The socket opens after this has returned. */
  void start(@Observes StartupEvent event, Startup startup) {
    startup.run();
  }
}
