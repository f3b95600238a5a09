package io.joblet.storage.cli.values;

import io.joblet.storage.v1.IoLimits;
import picocli.CommandLine.Option;

/** Limits of input and output for the disk behind each volume of a job. */
public final class IoOptions {
  @Option(
      names = "--read-bps",
      paramLabel = "SIZE",
      description = "Most bytes read in a second from the disk behind each volume, e.g. 10MB.")
  Bytes readBytes;

  @Option(names = "--write-bps", paramLabel = "SIZE", description = "Most bytes written, likewise.")
  Bytes writeBytes;

  @Option(names = "--read-iops", paramLabel = "N", description = "Most reads in a second.")
  Count reads;

  @Option(names = "--write-iops", paramLabel = "N", description = "Most writes in a second.")
  Count writes;

  /** As the messages carry it. */
  public IoLimits message() {
    return IoLimits.newBuilder()
        .setReadBps(Bytes.message(readBytes))
        .setWriteBps(Bytes.message(writeBytes))
        .setReadIops(reads == null ? 0 : reads.number())
        .setWriteIops(writes == null ? 0 : writes.number())
        .build();
  }
}
