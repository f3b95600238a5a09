package io.joblet.storage.host.linux;

import io.joblet.storage.host.IoLimits;
import io.joblet.storage.host.linux.FileStatus.Device;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Which volume asked for which limits, kept as extended attributes of the job's cgroup itself: they
 * outlive the daemon and go with the cgroup, as the limits do. Attributes of the class {@code
 * trusted} are seen by the host's root alone (xattr(7)).
 */
final class IoMarks {
  private static final String PREFIX = "trusted.joblet.io.";
  private static final int LONGEST = 1 << 16;

  private final Descriptor cgroup;

  IoMarks(Cgroup cgroup) {
    this.cgroup = cgroup.directory();
  }

  /**
   * What one attachment asked for.
   *
   * @param disks those that the limits hold for
   */
  record Mark(Set<Device> disks, IoLimits limits) {
    /** {@code 7:1,7:2 1048576 0 0 100}. */
    String text() {
      return disks.stream().map(Device::toString).collect(Collectors.joining(","))
          + " "
          + limits.readBps()
          + " "
          + limits.writeBps()
          + " "
          + limits.readIops()
          + " "
          + limits.writeIops();
    }

    static Mark parse(String text) {
      String[] fields = text.split(" ", -1);
      Set<Device> disks = new LinkedHashSet<>();
      Arrays.stream(fields[0].split(",", -1)).map(Device::parse).forEach(disks::add);
      return new Mark(
          disks,
          new IoLimits(
              Long.parseLong(fields[1]),
              Long.parseLong(fields[2]),
              Long.parseLong(fields[3]),
              Long.parseLong(fields[4])));
    }
  }

  /** By the attachment's key. */
  Map<String, Mark> all() {
    byte[] names = new byte[LONGEST];
    int length = Syscalls.extendedAttributes(cgroup.fd(), names);
    Map<String, Mark> marks = new HashMap<>();
    for (String name : new String(names, 0, length, StandardCharsets.UTF_8).split("\0", -1)) {
      if (name.startsWith(PREFIX)) {
        get(name).ifPresent(mark -> marks.put(name, mark));
      }
    }
    return marks;
  }

  private Optional<Mark> get(String name) {
    byte[] value = new byte[LONGEST];
    try {
      int length = Syscalls.extendedAttribute(cgroup.fd(), name, value);
      return Optional.of(Mark.parse(new String(value, 0, length, StandardCharsets.UTF_8)));
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENODATA)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void put(String key, Mark mark) {
    Syscalls.setExtendedAttribute(cgroup.fd(), key, mark.text().getBytes(StandardCharsets.UTF_8));
  }

  /** Absent is done. */
  void remove(String key) {
    try {
      Syscalls.removeExtendedAttribute(cgroup.fd(), key);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ENODATA)) {
        throw e;
      }
    }
  }

  /** The attribute of an attachment; a job can have a volume at several places. */
  static String key(UUID attachment) {
    return PREFIX + attachment;
  }
}
