package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes the roots ready at start; each step looks first whether a former life has done it. */
final class Preparation {
  private static final long VOLUMES_ATTRIBUTES =
      MountCalls.ATTR_NOSUID | MountCalls.ATTR_NODEV | MountCalls.ATTR_NOATIME;

  /** Jobs have device nodes of their own there; the binds bring their own attributes. */
  private static final long JOBS_ATTRIBUTES = 0;

  private final LinuxHostSettings settings;
  private final PoolImage image;
  private final PoolClaim claim;

  Preparation(LinuxHostSettings settings, PoolImage image, PoolClaim claim) {
    this.settings = settings;
    this.image = image;
    this.claim = claim;
  }

  /** Returns why there is no btrfs at the volumes directory, or empty if there is one. */
  Optional<String> run() {
    EtcFiles.requireSource(settings.etcDirectory());
    RootDirectories.make(settings.volumesDirectory());
    RootDirectories.make(settings.jobsDirectory());
    RootDirectories.make(settings.runsDirectory());
    Optional<String> noBtrfs = settings.wantsPool() ? poolOrReason() : chosenOtherwise();
    // Again, since a new file system's top is open to everybody.
    RootDirectories.make(settings.volumesDirectory());
    PrivateRoot.ensure(settings.volumesDirectory(), VOLUMES_ATTRIBUTES);
    PrivateRoot.ensure(settings.jobsDirectory(), JOBS_ATTRIBUTES);
    for (String hidden : List.of(Layout.IMAGES, Layout.TRASH, Layout.QUARANTINE, Layout.RECORDS)) {
      RootDirectories.make(settings.volumesDirectory().resolve(hidden));
    }
    return noBtrfs;
  }

  private Optional<String> chosenOtherwise() {
    return Optional.of("the provider is set to " + settings.providerChoice());
  }

  /**
   * An image that exists but cannot be mounted is an error whatever the choice: the volumes are in
   * it.
   */
  private Optional<String> poolOrReason() {
    try (Descriptor directory =
        Syscalls.open(
            settings.volumesDirectory().toString(), Syscalls.O_RDONLY | Syscalls.O_DIRECTORY)) {
      if (directory.fileSystem().is(FileSystemStatus.BTRFS)) {
        return Optional.empty();
      }
      if (image.exists()) {
        mount(directory);
        return Optional.empty();
      }
      return newPoolOrReason(directory);
    }
  }

  private void mount(Descriptor directory) {
    image.mountAt(directory, top -> claim.addTop(top, settings.volumesDirectory()));
  }

  private Optional<String> newPoolOrReason(Descriptor directory) {
    if (!isEmpty(settings.volumesDirectory())) {
      return refusal(
          settings.volumesDirectory()
              + " is not on btrfs and not empty; a pool image mounted on it would hide what is there",
          null);
    }
    try {
      image.make();
      mount(directory);
      return Optional.empty();
    } catch (KernelRefusal | HostException e) {
      return refusal("no pool image could be made: " + e.getMessage(), e);
    }
  }

  private Optional<String> refusal(String reason, RuntimeException cause) {
    if (settings.insistsOnPool()) {
      throw new HostException("btrfs was asked for, but " + reason, cause);
    }
    return Optional.of(reason);
  }

  private static boolean isEmpty(Path directory) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + directory, e);
    }
  }
}
