package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.JobLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader takes for all that there is, while a job writes on. */
class LogReaderTest {
  @TempDir Path directory;

  private void write(int segment, String... lines) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append("2026-11-26T12:00:00.000000000Z stdout F ").append(line).append('\n');
    }
    Files.writeString(
        directory.resolve("log." + segment),
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private JobLog open() {
    return new LogReader(
        Syscalls.open(directory.toString(), Syscalls.O_RDONLY | Syscalls.O_DIRECTORY), false);
  }

  private static String text(List<JobLog.Entry> entries) {
    StringBuilder text = new StringBuilder();
    entries.forEach(e -> text.append(new String(e.bytes(), StandardCharsets.UTF_8)));
    return text.toString();
  }

  @Test
  void hasCaughtUpWithNothing() {
    try (JobLog log = open()) {
      assertThat(log.caughtUp()).isTrue();
      assertThat(log.next()).isEmpty();
    }
  }

  @Test
  void readsWhatItHasOfOutputThatIsRemovedMeanwhile() throws IOException {
    write(3, "one");
    try (JobLog log = open()) {
      assertThat(text(log.next())).endsWith("one\n");
      write(3, "two");
      Files.delete(directory.resolve("log.3"));
      Files.delete(directory);
      assertThat(text(log.next())).isEqualTo("two\n");
      assertThat(log.next()).isEmpty();
      assertThat(log.caughtUp()).isTrue();
    }
  }

  @Test
  void hasCaughtUpWhereTheLogEndedThoughMoreHasCome() throws IOException {
    write(3, "one");
    write(4, "two");
    try (JobLog log = open()) {
      assertThat(log.caughtUp()).isFalse();
      assertThat(text(log.next())).endsWith("one\n");
      assertThat(log.caughtUp()).isFalse();
      write(4, "three");
      write(5, "four");
      assertThat(text(log.next())).isEqualTo("two\nthree\n");
      assertThat(log.caughtUp()).isTrue();
      assertThat(text(log.next())).isEqualTo("four\n");
      assertThat(log.caughtUp()).isTrue();
    }
  }

  @Test
  void hasCaughtUpWithWhatWasRemovedBeforeItWasRead() throws IOException {
    write(0, "one");
    write(1, "two");
    try (JobLog log = open()) {
      assertThat(text(log.next())).isEqualTo("one\n");
      assertThat(log.caughtUp()).isFalse();
      Files.delete(directory.resolve("log.1"));
      write(7, "eight");
      List<JobLog.Entry> last = log.next();
      assertThat(last.getFirst().lost()).isTrue();
      assertThat(text(last)).isEqualTo("eight\n");
      assertThat(log.caughtUp()).isTrue();
    }
  }

  @Test
  void hasNotCaughtUpInTheMiddleOfALargeSegment() throws IOException {
    write(0, "x".repeat(1 << 20), "y".repeat(1 << 20), "end");
    StringBuilder all = new StringBuilder();
    try (JobLog log = open()) {
      for (int chunk = 0; chunk < 2; chunk++) {
        all.append(text(log.next()));
        assertThat(log.caughtUp()).as("after chunk %d", chunk).isFalse();
      }
      all.append(text(log.next()));
      assertThat(log.caughtUp()).isTrue();
    }
    assertThat(all).hasSize((2 << 20) + 6).endsWith("y\nend\n");
  }
}
