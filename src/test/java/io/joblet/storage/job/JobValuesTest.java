package io.joblet.storage.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of jobs, mount paths and liveness. */
class JobValuesTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "build-7", "a..b", "0190a0b0-0000-7000-8000-000000000000"})
  void takesJobNames(String name) {
    assertThat(new JobName(name).text()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", ".a", "a.", "a/b", "-", "a\0", "a b", "é"})
  void refusesJobNames(String name) {
    assertThatThrownBy(() -> new JobName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(JobName.RULE);
  }

  @ParameterizedTest
  @CsvSource({
    "/a, /a, true",
    "/a, /a/b, true",
    "/a/b/c, /a, true",
    "/a, /ab, false",
    "/a/b, /a/c, false",
    "/jobs/a, /jobs/ab, false",
    "/a/b, /a/bc/d, false"
  })
  void knowsWhatOverlaps(String one, String other, boolean overlaps) {
    assertThat(new MountPath(one).overlaps(new MountPath(other))).isEqualTo(overlaps);
    assertThat(new MountPath(other).overlaps(new MountPath(one))).isEqualTo(overlaps);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/data", "/a/b/c", "/procs", "/etcetera", "/with space, comma", "/数据"})
  void takesMountPaths(String path) {
    assertThat(new MountPath(path).relative()).isEqualTo(path.substring(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "/",
        "//a",
        "/a/",
        "/a//b",
        "/.",
        "/..",
        "/a/../b",
        "/a\0",
        "/a\nb",
        "/proc",
        "/proc/1",
        "/sys",
        "/dev/shm",
        "/etc",
        "/usr/lib"
      })
  void refusesMountPaths(String path) {
    assertThatThrownBy(() -> new MountPath(path)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void boundsDepthAndLengthOfMountPaths() {
    assertThat(new MountPath("/a".repeat(16)).text()).hasSize(32);
    assertThatThrownBy(() -> new MountPath("/a".repeat(17))).hasMessageContaining("deeper");
    assertThatThrownBy(() -> new MountPath("/" + "a".repeat(1024))).hasMessageContaining("longer");
    assertThatThrownBy(() -> new MountPath("/" + "a".repeat(256)))
        .hasMessageContaining("255 bytes");
  }

  @Test
  void boundsLeasesAndPids() {
    assertThat(new Liveness.OfLease(Duration.ofSeconds(10)).duration()).hasSeconds(10);
    assertThat(new Liveness.OfLease(Duration.ofDays(30)).duration()).hasDays(30);
    for (Duration none :
        new Duration[] {Duration.ZERO, Duration.ofMillis(9999), Duration.ofDays(30).plusNanos(1)}) {
      assertThatThrownBy(() -> new Liveness.OfLease(none))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Liveness.OfProcess(0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
