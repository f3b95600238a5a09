package io.joblet.storage.job;

import io.joblet.storage.config.StorageConfig;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Where a job's directory is. Names are unique per owner and directories per node, and where one
 * owner's job lies must not depend on what others have: so it is the name for those who call over
 * the socket, as executors know it, and {@code name@owner} for others. No name has an {@code @}.
 */
@ApplicationScoped
class JobDirectory {
  private final String socketOwner;

  JobDirectory(StorageConfig config) {
    this.socketOwner = config.socketOwner().text();
  }

  String of(String owner, String name) {
    return owner.equals(socketOwner) ? name : name + "@" + owner;
  }
}
