package io.joblet.storage.host.linux;

import io.joblet.storage.host.JobProcess;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What the supervisor is told, in the form that src/main/c/config.c reads. */
final class ShimConfiguration {
  private static final int SEGMENTS = 4;

  private final ByteArrayOutputStream records = new ByteArrayOutputStream();

  private ShimConfiguration() {}

  /**
   * The configuration.
   *
   * @param entrances whose descriptors follow the fixed ones
   */
  static byte[] of(JobProcess process, byte[] filter, Entrances entrances) {
    ShimConfiguration written = new ShimConfiguration();
    process.arguments().forEach(a -> written.add("arg", a));
    process.environment().forEach((name, value) -> written.add("env", name + "=" + value));
    written.add("hostname", process.hostname());
    written.add("directory", process.workingDirectory());
    written.add("uid", Long.toString(process.uid()));
    written.add("gid", Long.toString(process.gid()));
    written.add("capabilities", Long.toHexString(Capabilities.of(process.uid())));
    written.add("shm_bytes", Long.toString(process.shmBytes()));
    written.add("log_segment_bytes", Long.toString(Math.max(1, process.logBytes() / SEGMENTS)));
    written.add("log_segments", Integer.toString(SEGMENTS));
    written.add("cgroups", Integer.toString(entrances.all().size()));
    written.add("born_in", entrances.unified().isPresent() ? "1" : "0");
    if (filter.length > 0) {
      written.add("filter", HexFormat.of().formatHex(filter));
    }
    byte[] body = written.records.toByteArray();
    return ByteBuffer.allocate(4 + body.length)
        .order(ByteOrder.nativeOrder())
        .putInt(body.length)
        .put(body)
        .array();
  }

  private void add(String key, String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(key + " must not contain a NUL character");
    }
    records.writeBytes((key + "=" + value).getBytes(StandardCharsets.UTF_8));
    records.write(0);
  }
}
