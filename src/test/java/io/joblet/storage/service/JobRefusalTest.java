package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is refused, and why. */
@QuarkusTest
class JobRefusalTest extends ServiceTest {
  private static RunJobRequest.Builder run(String... command) {
    return RunJobRequest.newBuilder().addAllCommand(List.of(command));
  }

  @Test
  void ofManyThatRemoveTheSameJobOneDoesAndTheOthersHearThatItIsGone() {
    for (int i = 0; i < 5; i++) {
      jobs.runAttached(run("true").setJobId("j").build()).forEachRemaining(o -> {});
      RemoveJobRequest request = RemoveJobRequest.newBuilder().setJob("j").setForce(true).build();

      List<Clients.Outcome<Object>> outcomes = Clients.together(8, n -> jobs.removeJob(request));

      assertThat(outcomes).filteredOn(Clients.Outcome::won).hasSize(1);
      assertThat(outcomes)
          .filteredOn(o -> !o.won())
          .allMatch(o -> o.refusal().code() == Code.NOT_FOUND);
    }
  }

  @Test
  void ofAHundredWhoRunAJobOfOneNameOneDoes() {
    RunJobRequest request = run("sleep", "60").setJobId("j").build();

    List<Clients.Outcome<Object>> outcomes = Clients.together(100, n -> jobs.runJob(request));

    assertThat(outcomes).filteredOn(Clients.Outcome::won).hasSize(1);
    assertThat(outcomes)
        .filteredOn(o -> !o.won())
        .allMatch(o -> o.refusal().code() == Code.ALREADY_EXISTS);
    assertThat(jobs.listJobs(ListJobsRequest.getDefaultInstance()).getJobsCount()).isOne();
  }
}
