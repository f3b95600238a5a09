package io.joblet.storage.service;

import static io.joblet.storage.service.UsageFixture.daysAgo;
import static io.joblet.storage.service.UsageFixture.minutes;
import static io.joblet.storage.service.UsageFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.usage.UsageSampler;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.SampleUsageRequest;
import io.joblet.storage.v1.SampleUsageResponse;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is stored of a sampling, what becomes of it over time, and when it is dropped. */
@QuarkusTest
class UsageSamplerTest extends ServiceTest {
  private static final Instant START = daysAgo(3);

  @Inject UsageSampler sampler;

  private UsageFixture usage;

  @BeforeEach
  void forgetWhatOtherTestsLeft() {
    usage = new UsageFixture(rows, sampler);
    usage.forgetEverything();
  }

  @AfterEach
  void forget() {
    usage.forgetEverything();
  }

  @Test
  void storesWhatChangedAndTheFirstSampleOfEachHour() {
    create(wantedInMemory("cache"));
    String path = attach("cache", "job").getHostPath();
    usage.sample(minutes(START, 10));
    usage.sample(minutes(START, 20));
    write(path, "file", 64);
    usage.sample(minutes(START, 30));
    usage.sample(minutes(START, 40));
    usage.sample(minutes(START, 60));

    assertThat(
            usage.lines(
                "select extract(epoch from sampled_at - '"
                    + START
                    + "')::int / 60, used_bytes, method from usage_sample order by sampled_at"))
        .containsExactly("10 0 STATFS", "30 65536 STATFS", "60 65536 STATFS");
    assertThat(usage.lines("select volumes, stored from pool_sample order by sampled_at"))
        .containsExactly("1 1", "1 0", "1 1", "1 0", "1 1");
    assertThat(rows.query("select sampled_at = '" + minutes(START, 60) + "' from report.usage_now"))
        .containsExactly("t");
  }

  @Test
  void weighsAveragesByTheTimeThatAValueStood() {
    create(wantedInMemory("cache"));
    String path = attach("cache", "job").getHostPath();
    usage.sample(START);
    write(path, "file", 60);
    usage.sample(minutes(START, 45));
    usage.sample(minutes(START, 60));
    usage.sample(minutes(START, 120));

    assertThat(
            usage.lines(
                "select min_bytes, avg_bytes, max_bytes, last_bytes, last_inodes from usage_hour"
                    + " order by hour"))
        .containsExactly("0 15360 61440 61440 2", "61440 61440 61440 61440 2");
    assertThat(
            usage.lines("select min_bytes, avg_bytes, max_bytes, last_bytes, hours from usage_day"))
        .containsExactly("0 38400 61440 61440 2");
    assertThat(usage.lines("select volumes, avg_bytes, last_bytes from usage_owner_day"))
        .containsExactly("1 38400 61440");
  }

  @Test
  void countsNoHourTwiceAndGoesOnWhereItStopped() {
    create(wantedInMemory("cache"));
    attach("cache", "job");
    usage.sample(START);
    usage.sample(minutes(START, 60));
    usage.sample(minutes(START, 30));
    usage.sample(minutes(START, 61));
    usage.sample(minutes(START, 60 * 30));

    assertThat(usage.lines("select hours from usage_day order by day")).containsExactly("2");
    assertThat(
            rows.query(
                "select hours_until = '" + minutes(START, 60 * 30) + "' from usage_progress"))
        .containsExactly("t");
  }

  @Test
  void keepsTheLastValueOfAnImageThatNobodyHasMountedAndSaysOfWhen() {
    create(wanted("data").setInodeLimit(1000));
    usage.sample(START);
    assertThat(usage.lines("select used_bytes, method, sampled_at from report.usage_now"))
        .containsExactly("- - -");

    write(attach("data", "job").getHostPath(), "file", 1024);
    usage.sample(minutes(START, 10));
    String used = rows.query("select used_bytes from report.usage_now").getFirst();
    detach("data", "job");
    usage.sample(minutes(START, 20));

    assertThat(Long.parseLong(used)).isBetween(MIB, 2 * MIB);
    assertThat(
            usage.lines(
                "select used_bytes, method, sampled_at = '"
                    + minutes(START, 10)
                    + "' from report.usage_now"))
        .containsExactly(used + " statfs t");
  }

  @Test
  void remembersWhoseAVolumeWasAfterItsEnd() {
    Volume made = create(wantedInMemory("cache").putLabels("team", "a"));
    usage.sample(START);
    volumes.deleteVolume(
        DeleteVolumeRequest.newBuilder().setVolume("cache").setPurge(true).build());
    usage.sample(minutes(START, 60));

    assertThat(rows.query("select volume_id from report.usage_now")).isEmpty();
    assertThat(
            usage.lines(
                "select volume_id, volume_name, owner, labels ->> 'team', hours"
                    + " from report.usage_by_day"))
        .containsExactly(made.getId() + " cache root a 1");
  }

  @Test
  void makesPartitionsAheadAndDropsThoseThatAreTooOld() {
    Instant old = daysAgo(60);
    usage.sample(old);
    assertThat(partitions("usage_sample")).contains(partition("usage_sample", old));

    usage.sample(START);

    assertThat(partitions("usage_sample"))
        .contains(
            partition("usage_sample", START),
            partition("usage_sample", START.plusSeconds(2 * 86400)))
        .doesNotContain(partition("usage_sample", old));
    assertThat(partitions("usage_hour"))
        .doesNotContain("usage_hour_" + old.toString().substring(0, 7).replace("-", "") + "01");
    assertThat(rows.count("select count(*) from pg_class where relname ~ '^usage_.*default'"))
        .isZero();
  }

  @Test
  void refusesADaemonThatWasReplaced() throws Exception {
    try (var connection = rows.connect();
        var statement = connection.createStatement()) {
      statement.execute("set joblet.incarnation = 'another'");
      try {
        for (String table : List.of("usage_latest", "usage_sample", "usage_day", "pool_sample")) {
          assertThatThrownBy(() -> statement.execute("delete from " + table))
              .as(table)
              .hasMessageContaining("does not belong to the daemon");
        }
      } finally {
        statement.execute("reset joblet.incarnation");
      }
    }
  }

  @Test
  void samplesWhenAnAdministratorAsks() {
    create("data");
    create(wantedInMemory("cache"));

    SampleUsageResponse answer = admin.sampleUsage(SampleUsageRequest.getDefaultInstance());

    assertThat(answer.getVolumes()).isEqualTo(2);
    assertThat(rows.count("select count(*) from report.usage_now where sampled_at is not null"))
        .isEqualTo(2);
  }

  private List<String> partitions(String parent) {
    return rows.query(
        "select inhrelid::regclass from pg_inherits where inhparent = '" + parent + "'::regclass");
  }

  private static String partition(String parent, Instant day) {
    return parent + "_" + day.toString().substring(0, 10).replace("-", "");
  }
}
