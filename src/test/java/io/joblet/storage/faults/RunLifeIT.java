package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.PrepareFilesystemRequest;
import io.joblet.storage.v1.VolumeMount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that run outlive their daemon, and the next one knows all about them. */
class RunLifeIT {
  private static final long SIZE = 4 << 20;
  private static final String OTHER_BOOT = "00000000-0000-4000-8000-000000000001";

  /** Says one number after the other until TERM, and writes them down. */
  private static final String COUNT =
      """
      trap 'echo stopped; exit 3' TERM
      n=0
      while :; do
        n=$((n + 1))
        echo $n
        echo $n > /counted/n || exit 1
        sleep 0.02
      done
      """;

  private static final String WAIT =
      "echo up; until [ -e /waited/go ]; do sleep 0.02; done; echo bye; exit 5";

  @RegisterExtension
  static final EachTestIsATry TRIES =
      new EachTestIsATry("the daemon or the host ends while jobs run");

  @TempDir Path directory;
  private Installation installation;
  private Running daemon;

  @BeforeEach
  void setUp() throws Exception {
    installation = new Installation(directory);
    daemon = installation.start();
    for (String volume : List.of("counted", "waited", "lost")) {
      daemon.client().create(volume.equals("waited") ? Kind.LOOP : Kind.BTRFS, volume, SIZE);
    }
  }

  @AfterEach
  void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void jobsGoOnWhenTheDaemonIsKilledAndTheNextOneKnowsWhatBecameOfThem() throws Exception {
    survive(() -> daemon.kill());
  }

  @Test
  void jobsGoOnThroughAnUpgrade() throws Exception {
    survive(() -> {
      daemon.process().destroy();
      assertThat(daemon.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
    });
  }

  private interface End {
    void of() throws Exception;
  }

  private void survive(End end) throws Exception {
    Job counting = daemon.client().run("counting", COUNT, "counted");
    Job waiting = daemon.client().run("waiting", WAIT, "waited");
    Job lost = daemon.client().run("losing", "exec sleep 3600", "lost");
    daemon.client().run("stopped", "trap 'exit 8' TERM; while :; do sleep 0.02; done");
    Path count = Path.of(counting.getAttachments(0).getHostPath(), "n");
    await().until(() -> Files.exists(count));

    end.of();
    int atItsEnd = number(count);
    Files.createFile(Path.of(waiting.getAttachments(0).getHostPath(), "go"));
    Supervisors.kill(lost.getSupervisorPid());
    await().until(() -> !Supervisors.isAlive(waiting.getSupervisorPid()));
    await().until(() -> number(count) > atItsEnd + 10);
    daemon = installation.start();

    Client client = daemon.client();
    assertThat(client.job("counting").getStatus()).isEqualTo("running");
    assertThat(client.job("counting").getSupervisorPid()).isEqualTo(counting.getSupervisorPid());
    Job exited = client.job("waiting");
    assertThat(exited.getStatus()).isEqualTo("exited");
    assertThat(exited.getExitCode()).isEqualTo(5);
    assertThat(exited.hasEndedAt()).isTrue();
    assertThat(client.log("waiting")).isEqualTo("up\nbye\n");
    assertThat(client.job("losing").getStatus()).isEqualTo("lost");
    assertThat(client.job("losing").getReason()).isEqualTo("nobody saw its end");
    assertThat(List.of(status("waited"), status("lost"), status("counted")))
        .containsExactly("available", "available", "in_use");
    assertThat(installation.output()).doesNotContainPattern(", [1-9]\\d* to settle");
    assertThat(new Inspector(installation).problems()).isEmpty();
    int afterwards = number(count);
    await().until(() -> number(count) > afterwards + 10);
    assertThat(client.stop("stopped").getExitCode()).isEqualTo(8);
    assertThat(client.stop("counting").getExitCode()).isEqualTo(3);
    List<String> said = client.log("counting").lines().toList();
    assertThat(said.getLast()).isEqualTo("stopped");
    assertThat(said.size()).isGreaterThan(afterwards + 10);
    assertThat(said.subList(0, said.size() - 1))
        .isEqualTo(IntStream.range(1, said.size()).mapToObj(Integer::toString).toList());
    assertThat(new Inspector(installation).problems()).isEmpty();
    assertThat(client.admin().doctor(DoctorRequest.getDefaultInstance()).getFindingsList())
        .isEmpty();
  }

  private static int number(Path file) throws Exception {
    String text = "";
    while (text.isEmpty()) {
      // It is empty between its truncation and the write.
      text = Files.readString(file).strip();
    }
    return Integer.parseInt(text);
  }

  private String status(String volume) {
    return daemon
        .client()
        .volumes()
        .getVolume(GetVolumeRequest.newBuilder().setVolume(volume).build())
        .getVolume()
        .getStatus();
  }

  @Test
  void aRebootLosesWhatRanAndBringsBackWhatWasPrepared() throws Exception {
    daemon.client().create(Kind.MEMORY, "memory", SIZE);
    Job running = daemon.client().run("running", COUNT, "counted");
    Job prepared = prepare("prepared", "waited", "memory");
    Path kept = Path.of(prepared.getDirectory(), "a/f");
    Files.writeString(kept, "kept");
    Shell.run("sync", "-f", kept.toString());
    rememberAnotherBoot();
    daemon.close();
    installation.awaitDatabaseEnd();
    Supervisors.end(installation.runs());
    removeCgroups(running);
    Mounts.unmountAll(directory);
    assertThat(Mounts.below(directory)).isEmpty();

    daemon = installation.start();

    Job after = daemon.client().job("running");
    assertThat(after.getStatus()).isEqualTo("lost");
    assertThat(after.hasEndedAt()).isTrue();
    assertThat(status("counted")).isEqualTo("available");
    assertThat(daemon.client().log("running")).startsWith("1\n2\n");
    assertThat(daemon.client().job("prepared").getStatus()).isEqualTo("prepared");
    assertThat(Files.readString(kept)).isEqualTo("kept");
    assertThat(Path.of(prepared.getDirectory(), "b")).isEmptyDirectory();
    assertThat(Path.of(prepared.getDirectory(), "usr")).isNotEmptyDirectory();
    assertThat(new Inspector(installation).problems()).isEmpty();
    assertThat(daemon.client().admin().doctor(DoctorRequest.getDefaultInstance()).getFindingsList())
        .isEmpty();
    daemon.client().remove("prepared");
    assertThat(status("waited")).isEqualTo("available");
    assertThat(new Inspector(installation).problems()).isEmpty();
  }

  private Job prepare(String name, String a, String b) {
    return daemon
        .client()
        .jobs()
        .prepareFilesystem(
            PrepareFilesystemRequest.newBuilder()
                .setJobId(name)
                .setFilesystem(JobFilesystem.getDefaultInstance())
                .setLiveness(Liveness.newBuilder().setLease(Duration.newBuilder().setSeconds(3600)))
                .addVolumes(VolumeMount.newBuilder().setVolume(a).setMountPath("/a"))
                .addVolumes(VolumeMount.newBuilder().setVolume(b).setMountPath("/b"))
                .build())
        .getJob();
  }

  private void rememberAnotherBoot() throws Exception {
    try (Rows rows = Rows.of(installation)) {
      rows.query("select set_config('joblet.incarnation', incarnation::text, false) from node");
      rows.update("update node set boot_id = '" + OTHER_BOOT + "'");
      assertThat(rows.update("update job_run set boot_id = '" + OTHER_BOOT + "'")).isEqualTo(1);
    }
  }

  private static void removeCgroups(Job job) throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      if (line.contains(" - cgroup")) {
        String place = line.split(" ", -1)[4];
        Shell.attempt("sh", "-c", "rmdir " + place + "/joblet-*/" + job.getId());
      }
    }
  }
}
