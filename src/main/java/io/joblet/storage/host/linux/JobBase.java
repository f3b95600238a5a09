package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import java.nio.file.Path;
import java.util.Set;

/**
 * What the roots of all jobs share, in the hidden directory {@value #NAME} of the jobs directory: a
 * minimal {@code /etc}, device nodes, and a busybox for jobs that want nothing else. Plain
 * directories, made again at each start and shown read-only in jobs.
 */
final class JobBase {
  static final String NAME = ".base";

  private final Path place;
  private final HelperProgram helper;

  private JobBase(Path place, HelperProgram helper) {
    this.place = place;
    this.helper = helper;
  }

  /** Makes or refreshes it. Jobs that run see what changes. */
  static JobBase make(Path jobs, HelperProgram helper) {
    JobBase base = new JobBase(jobs.resolve(NAME), helper);
    RootDirectories.make(base.place);
    EtcFiles.make(base.place.resolve("etc"));
    DeviceNodes.make(base.place.resolve("dev"));
    return base;
  }

  Descriptor etc() {
    return open("etc");
  }

  Descriptor devices() {
    return open("dev");
  }

  Userland hostUserland() {
    if (!Userland.hostIsSuitable()) {
      throw new HostException(
          "the host's programs are not where a job could use them; use the minimal userland",
          "ENOENT");
    }
    return Userland.ofHost();
  }

  /** Made at its first use: not every host has a busybox, and few need one. */
  synchronized Userland minimalUserland() {
    Path minimal = place.resolve("minimal");
    Busybox.install(minimal, helper);
    return new Userland(minimal, Set.of("bin", "sbin", "lib", "lib64", "usr"));
  }

  private Descriptor open(String name) {
    return Syscalls.open(
        place.resolve(name).toString(),
        Syscalls.O_PATH | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW);
  }
}
