package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import io.joblet.storage.host.linux.Needs;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A command that the kernel executes later than a start waits for, which is half a minute. */
@QuarkusTest
@Tag("waiting")
class LateExecutionTest extends ServiceTest {
  /** F_SETLEASE, F_WRLCK: an open by others, and so execve(2), waits for whoever has the lease. */
  private static final String LEASE =
      "$SIG{IO} = 'IGNORE'; open(my $f, '<', $ARGV[0]) or die; fcntl($f, 1024, 1) or die;"
          + " sleep 600";

  /**
   * Seconds, proc_sys_fs(5); then the kernel takes the lease away. Such a file is read by one
   * read(2) alone: Java begins with one of a single byte, and the next one finds the end.
   */
  private static final Path LONGEST_WAIT = Path.of("/proc/sys/fs/lease-break-time");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Path ran;
  private Process holder;

  @BeforeEach
  void holdTheCommand() throws IOException {
    Needs.that(
        Integer.parseInt(Shell.ok("cat", LONGEST_WAIT.toString()).strip()) > 40,
        "a lease that outlasts what a start waits");
    Path volume = Path.of(create(wanted("data").setUid(65534)).getPath());
    ran = volume.resolve("ran");
    Path command = Files.writeString(volume.resolve("late"), "#!/bin/sh\necho ran >> /data/ran\n");
    Shell.ok("chmod", "755", command.toString());
    holder = start(Path.of("/"), "perl", "-e", LEASE, command.toString());
    await()
        .atMost(PATIENCE)
        .until(() ->
            Files.readAllLines(Path.of("/proc/locks")).stream()
                .anyMatch(l -> l.contains(" LEASE ") && l.contains(" " + holder.pid() + " ")));
  }

  private static RunJobRequest request(String id) {
    return RunJobRequest.newBuilder()
        .setJobId("j")
        .setRequestId(id)
        .addCommand("/data/late")
        .addVolumes(VolumeMount.newBuilder().setVolume("data").setMountPath("/data"))
        .build();
  }

  /** Whether it was executed just before it was killed nobody can say. */
  @Test
  void isKilledAndKeptAndIsNotRunWhenItIsAskedForAgain() throws IOException {
    RunJobRequest request = request("executed-late");

    Refused refused = Refused.by(() -> jobs.runJob(request));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.inTheWay()).isEqualTo("job/j");
    assertThat(refused.message()).contains("may have been executed", "did not answer in time");
    Job kept = new JobWait(jobs).ended("j");
    assertThat(kept.getStatus()).isEqualTo("killed");
    assertThat(get("data").getStatus()).isEqualTo("available");
    end(holder);
    assertThat(jobs.runJob(request).getJob().getId()).isEqualTo(kept.getId());
    assertThat(ran).doesNotExist();
  }

  /** A supervisor that is stopped cannot write down how its job ended. */
  @Test
  void isKeptWhenItCannotBeSeenToEndAndIsNotRunTwice() throws Exception {
    RunJobRequest request = request("not-seen-to-end");
    JobServiceGrpc.JobServiceBlockingStub patient = JobServiceGrpc.newBlockingStub(channel());
    CompletableFuture<Refused> call =
        CompletableFuture.supplyAsync(() -> Refused.by(() -> patient.runJob(request)));
    String supervisor =
        await().atMost(PATIENCE).until(this::supervisors, found -> !found.isEmpty()).getFirst();
    Shell.ok("kill", "-STOP", supervisor);
    Refused refused;
    Job kept;
    try {
      refused = call.get(5, TimeUnit.MINUTES);
      kept = job();
    } finally {
      Shell.ok("kill", "-CONT", supervisor);
    }

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.inTheWay()).isEqualTo("job/j");
    assertThat(refused.message()).contains("may have been executed");
    assertThat(kept.getStatus()).isEqualTo("running");
    assertThat(new JobWait(jobs).ended("j").getStatus()).isEqualTo("killed");
    assertThat(jobs.runJob(request).getJob().getId()).isEqualTo(kept.getId());
    assertThat(job().getStatus()).isEqualTo("killed");
    assertThat(ran).doesNotExist();
  }

  private List<String> supervisors() {
    return rows.query("select pid::text from job_run where state = 'RUNNING'");
  }

  private Job job() {
    return jobs.getJob(GetJobRequest.newBuilder().setJob("j").build()).getJob();
  }
}
