package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.StopJobRequest;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A job whose supervisor the kernel queues no signals for, getrlimit(2), "RLIMIT_SIGPENDING". One
 * of uid 0 comes to that by having as many pending as the limit is; here the limit is lowered,
 * since they would count for every process of uid 0.
 */
@QuarkusTest
class PendingSignalsTest extends ServiceTest {
  private static final int SIGUSR1 = 10;
  private static final int SIGKILL = 9;

  @BeforeEach
  void runWithoutRoomForSignals() {
    jobs.runJob(
        RunJobRequest.newBuilder().setJobId("j").addCommand("sleep").addCommand("3600").build());
    String supervisor = only(rows.query("select pid::text from job_run where state = 'RUNNING'"));
    Shell.ok("prlimit", "--pid=" + supervisor, "--sigpending=0");
  }

  private Job job() {
    return jobs.getJob(GetJobRequest.newBuilder().setJob("j").build()).getJob();
  }

  private void signal(int number) {
    jobs.signalJob(SignalJobRequest.newBuilder().setJob("j").setSignal(number).build());
  }

  @Test
  void isStoppedAllTheSame() {
    Job stopped = jobs.stopJob(StopJobRequest.newBuilder().setJob("j").build()).getJob();

    assertThat(stopped.getStatus()).isEqualTo("killed");
    assertThat(stopped.getSignal()).isEqualTo(SIGKILL);
    assertThat(stopped.hasEndedAt()).isTrue();
  }

  @Test
  void isRemovedByForceAllTheSame() {
    jobs.removeJob(RemoveJobRequest.newBuilder().setJob("j").setForce(true).build());

    assertThat(rows.query("select id from job")).isEmpty();
  }

  @Test
  void isKilledByASignalAllTheSame() {
    signal(SIGKILL);

    assertThat(new JobWait(jobs).ended("j").getStatus()).isEqualTo("killed");
  }

  @Test
  void isToldNoOtherSignalAndTheRefusalSaysWhatFailed() {
    Refused refused = Refused.by(() -> signal(SIGUSR1));

    assertThat(refused.code()).isEqualTo(Code.INTERNAL);
    assertThat(refused.error().getReason()).isEqualTo("HOST_FAILED");
    assertThat(refused.message()).contains("signal supervisor", "EAGAIN");
    assertThat(job().getStatus()).isEqualTo("running");
  }
}
