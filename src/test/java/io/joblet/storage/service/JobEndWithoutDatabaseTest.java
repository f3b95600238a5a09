package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.StopJobRequest;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database is away when it is to be written down how a job ended, and then is there again. */
@QuarkusTest
class JobEndWithoutDatabaseTest extends ServiceTest {
  /** Sequences are not rolled back, so that this fails once. ADMIN_SHUTDOWN is 57P01. */
  @BeforeEach
  void refuseTheFirstEnd() {
    rows.change("create sequence end_of_run");
    rows.change(
        "create function away_once() returns trigger language plpgsql as $$ begin "
            + "if nextval('end_of_run') = 1 then raise exception 'away' using errcode = '57P01'; "
            + "end if; return new; end $$");
    rows.change(
        "create trigger away_once before update on job_run for each row "
            + "when (new.state not in ('STARTING', 'RUNNING')) execute function away_once()");
  }

  @AfterEach
  void letThrough() {
    rows.change("drop trigger away_once on job_run");
    rows.change("drop function away_once()");
    rows.change("drop sequence end_of_run");
  }

  private void run(VolumeMount... volumes) {
    RunJobRequest.Builder request = RunJobRequest.newBuilder().setJobId("j");
    for (VolumeMount volume : volumes) {
      request.addVolumes(volume);
    }
    jobs.runJob(request.addCommand("sleep").addCommand("3600").build());
  }

  private void failedOnce() {
    assertThat(rows.query("select last_value::text from end_of_run")).doesNotContain("1");
  }

  @Test
  void aStopWritesItDownItself() {
    run();

    Job stopped =
        jobs.stopJob(
                StopJobRequest.newBuilder()
                    .setJob("j")
                    .setGrace(Duration.getDefaultInstance())
                    .build())
            .getJob();

    assertThat(stopped.getStatus()).isEqualTo("killed");
    assertThat(stopped.hasEndedAt()).isTrue();
    failedOnce();
  }

  @Test
  void aForcedRemovalTakesEverythingAway() {
    create("data");
    run(VolumeMount.newBuilder().setVolume("data").setMountPath("/data").build());

    jobs.removeJob(RemoveJobRequest.newBuilder().setJob("j").setForce(true).build());

    assertThat(jobs.listJobs(ListJobsRequest.newBuilder().setShowEnded(true).build()).getJobsList())
        .noneMatch(j -> j.getName().equals("j"));
    assertThat(get("data").getStatus()).isEqualTo("available");
    failedOnce();
  }
}
