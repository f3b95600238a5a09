package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.JobLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reader that a job waits for, and that reads nothing while the job ends. */
class StoppedReaderTest {
  /** A quarter of what is kept of a {@link TestJob}'s output, and the last of four segments. */
  private static final long SEGMENT = 1 << 20;

  private static final String LAST = "log.3";

  private final HostFixture fixture = HostFixture.open("directory");
  private final TestJob job = new TestJob(fixture, "j");

  @AfterEach
  void close() {
    job.close();
    fixture.close();
  }

  /** Nothing more is read from the job until the first segment may go. */
  private boolean isFull() throws IOException {
    Path last = fixture.settings().runsDirectory().resolve(job.id().toString()).resolve(LAST);
    return Files.exists(last) && Files.size(last) >= SEGMENT;
  }

  @Test
  void doesNotKeepTheJobFromItsEndAndStillGetsEveryByte() throws IOException {
    job.start("until [ -e /work/go ]; do sleep 0.01; done; exec seq 1 2000000");
    try (JobLog reader = fixture.host().jobs().log(job.id(), true).orElseThrow()) {
      Files.writeString(fixture.real(fixture.job("j")).resolve("work/go"), "");
      Eventually.isTrue("the job waits for its reader", this::isFull);

      assertThat(fixture.host().jobs().signal(job.supervisor(), 9)).isTrue();

      assertThat(job.ending().signal()).hasValue(9);
      String all = all(reader);
      String whole = all.substring(0, all.lastIndexOf('\n') + 1);
      assertThat(whole).isNotEmpty().isEqualTo(numbersTo(whole.lines().count()));
    }
  }

  private static String all(JobLog reader) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (List<JobLog.Entry> some = reader.next(); !some.isEmpty(); some = reader.next()) {
      assertThat(some).noneMatch(JobLog.Entry::lost);
      some.forEach(entry -> bytes.writeBytes(entry.bytes()));
    }
    return bytes.toString(StandardCharsets.US_ASCII);
  }

  private static String numbersTo(long last) {
    return LongStream.rangeClosed(1, last).mapToObj(n -> n + "\n").collect(Collectors.joining());
  }
}
