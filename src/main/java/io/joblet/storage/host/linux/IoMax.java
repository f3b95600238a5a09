package io.joblet.storage.host.linux;

import io.joblet.storage.host.IoLimits;
import io.joblet.storage.host.linux.FileStatus.Device;
import java.util.HashMap;
import java.util.Map;

/**
 * Version 2: lines {@code 8:16 rbps=2097152 wbps=max riops=max wiops=120} of {@code io.max}. A disk
 * with no number has no line. See "IO Interface Files" in the kernel's Control Group v2.
 */
record IoMax() implements Throttle {
  private static final String FILE = "io.max";

  @Override
  public void write(Cgroup cgroup, Device device, IoLimits limits) {
    cgroup.write(FILE, line(device, limits));
  }

  @Override
  public IoLimits read(Cgroup cgroup, Device device) {
    return parse(cgroup.read(FILE), device);
  }

  static String line(Device device, IoLimits limits) {
    return device
        + " rbps="
        + text(limits.readBps())
        + " wbps="
        + text(limits.writeBps())
        + " riops="
        + text(limits.readIops())
        + " wiops="
        + text(limits.writeIops());
  }

  static IoLimits parse(String file, Device device) {
    String start = device + " ";
    return file.lines()
        .filter(line -> line.startsWith(start))
        .map(line -> limits(line.substring(start.length())))
        .findFirst()
        .orElse(IoLimits.NONE);
  }

  private static IoLimits limits(String pairs) {
    Map<String, Long> numbers = new HashMap<>();
    for (String pair : pairs.strip().split(" ", -1)) {
      String[] nameAndValue = pair.split("=", 2);
      numbers.put(nameAndValue[0], number(nameAndValue[1]));
    }
    return new IoLimits(
        numbers.getOrDefault("rbps", 0L),
        numbers.getOrDefault("wbps", 0L),
        numbers.getOrDefault("riops", 0L),
        numbers.getOrDefault("wiops", 0L));
  }

  private static String text(long value) {
    return value == 0 ? "max" : Long.toString(value);
  }

  private static long number(String text) {
    return text.equals("max") ? 0 : Long.parseLong(text);
  }
}
