package io.joblet.storage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A setting that can mean nothing is refused at the start, by its name and the rule. */
class BoundsTest {

  @ParameterizedTest
  @CsvSource({
    "joblet.trash.retention, -1h",
    "joblet.trash.retention, 99999999999h",
    "joblet.trash.retention, soon",
    "joblet.memory.idle-timeout, -1h",
    "joblet.sweep.interval, 0s",
    "joblet.sweep.settle-interval, -5s",
    "joblet.sweep.history-retention, -5d",
    "joblet.usage.interval, 0",
    "joblet.usage.retention, -7d",
    "joblet.usage.hourly-retention, -7d",
    "joblet.usage.daily-retention, -7d",
    "joblet.job.log-retention, -7d",
    "joblet.limits.helper-timeout, 0s",
    "joblet.database.start-timeout, -1s",
    "joblet.limits.mounts, -1",
    "joblet.limits.mounts-per-job, 0",
    "joblet.limits.jobs, 2147483648",
    "joblet.limits.labels-per-volume, x",
    "joblet.limits.host-threads, 0",
    "joblet.job.pids-limit, -5",
    "joblet.job.uid, -1",
    "joblet.job.gid, 4294967295",
    "joblet.database.embedded-uid, 0",
    "joblet.pool.max-overcommit, -1",
    "joblet.pool.max-overcommit, NaN",
    "joblet.pool.max-overcommit, much",
  })
  void areNamed(String setting, String value) {
    assertThatThrownBy(() -> read(setting, value))
        .hasMessageContaining(setting)
        .hasStackTraceContaining(value);
  }

  @Test
  void includeWhatMeansSomething() {
    assertThat(read("joblet.trash.retention", "0").trash().retention()).isZero();
    assertThat(read("joblet.trash.retention", "36500d").trash().retention())
        .isEqualTo(Duration.ofDays(36_500));
    assertThat(read("joblet.job.uid", "4294967294").job().uid()).isEqualTo(4_294_967_294L);
    assertThat(read("joblet.limits.mounts", "1").limits().mounts()).isEqualTo(1);
  }

  private static StorageConfig read(String setting, String value) {
    return new SmallRyeConfigBuilder()
        .withMapping(StorageConfig.class)
        .withDefaultValue(setting, value)
        .build()
        .getConfigMapping(StorageConfig.class);
  }
}
