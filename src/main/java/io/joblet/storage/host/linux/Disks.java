package io.joblet.storage.host.linux;

import io.joblet.storage.host.linux.FileStatus.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The block devices that carry a file system, as the kernel wants to have them for a limit: whole
 * ones and no partitions. A loop, device-mapper or raid device is its own; what lies below it is
 * not looked for, since the requests of a job are counted at the uppermost device.
 *
 * @param devices empty if there is none
 * @param reason why there is none
 */
record Disks(Set<Device> devices, String reason) {
  private static final String BTRFS = "/sys/fs/btrfs/";
  private static final String BLOCK = "/sys/dev/block/";

  /** Those under an open directory. */
  static Disks under(Descriptor directory) {
    FileSystemStatus fileSystem = directory.fileSystem();
    if (fileSystem.is(FileSystemStatus.TMPFS)) {
      return none("a volume in memory has no disk");
    }
    // The device of a btrfs file is a number of the subvolume's own, which no disk has.
    if (fileSystem.is(FileSystemStatus.BTRFS)) {
      Path devices = Path.of(BTRFS, BtrfsCalls.fileSystemId(directory), "devices");
      return some(wholeOnes(devices), "no disk of the btrfs is in " + devices);
    }
    Device device = directory.status().device();
    return some(
        wholeOne(Path.of(BLOCK + device)).map(Set::of).orElse(Set.of()),
        "no disk has the device number "
            + device
            + " of its file system, type 0x"
            + Long.toHexString(fileSystem.type()));
  }

  private static Disks none(String reason) {
    return new Disks(Set.of(), reason);
  }

  private static Disks some(Set<Device> devices, String otherwise) {
    return devices.isEmpty() ? none(otherwise) : new Disks(devices, "");
  }

  private static Set<Device> wholeOnes(Path links) {
    Set<Device> devices = new LinkedHashSet<>();
    try (DirectoryStream<Path> each = Files.newDirectoryStream(links)) {
      each.forEach(link -> wholeOne(link).ifPresent(devices::add));
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + links, e);
    }
    return devices;
  }

  /** A partition's directory lies in that of its disk. */
  private static Optional<Device> wholeOne(Path link) {
    try {
      Path device = link.toRealPath();
      Path whole = Files.exists(device.resolve("partition")) ? device.getParent() : device;
      return Sysfs.text(whole.resolve("dev")).map(Device::parse);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
