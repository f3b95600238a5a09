package io.joblet.storage.host.linux;

import io.joblet.storage.host.IoLimits;
import io.joblet.storage.host.linux.FileStatus.Device;

/**
 * Version 1: a file for each of the four numbers, with a line {@code 7:1 1048576} for each disk
 * that is limited; writing 0 removes it. See "Block IO Controller" in the kernel's documentation.
 */
record BlkioThrottle() implements Throttle {
  private static final String PREFIX = "blkio.throttle.";

  @Override
  public void write(Cgroup cgroup, Device device, IoLimits limits) {
    write(cgroup, "read_bps_device", device, limits.readBps());
    write(cgroup, "write_bps_device", device, limits.writeBps());
    write(cgroup, "read_iops_device", device, limits.readIops());
    write(cgroup, "write_iops_device", device, limits.writeIops());
  }

  private static void write(Cgroup cgroup, String file, Device device, long value) {
    cgroup.write(PREFIX + file, device + " " + value);
  }

  @Override
  public IoLimits read(Cgroup cgroup, Device device) {
    return new IoLimits(
        value(cgroup.read(PREFIX + "read_bps_device"), device),
        value(cgroup.read(PREFIX + "write_bps_device"), device),
        value(cgroup.read(PREFIX + "read_iops_device"), device),
        value(cgroup.read(PREFIX + "write_iops_device"), device));
  }

  /** The device's number in the text of one of the files, 0 for none. */
  static long value(String text, Device device) {
    String start = device + " ";
    return text.lines()
        .filter(line -> line.startsWith(start))
        .mapToLong(line -> Long.parseLong(line.substring(start.length()).strip()))
        .findFirst()
        .orElse(0);
  }
}
