package io.joblet.storage.cli;

import static io.joblet.storage.cli.Samples.begun;
import static io.joblet.storage.cli.Samples.ended;
import static io.joblet.storage.cli.Samples.errors;
import static io.joblet.storage.cli.Samples.exited;
import static io.joblet.storage.cli.Samples.output;
import static io.joblet.storage.cli.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.Code;
import com.google.rpc.ResourceInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.GetJobResponse;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.ListJobsResponse;
import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.PrepareFilesystemRequest;
import io.joblet.storage.v1.PrepareFilesystemResponse;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RemoveJobResponse;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.SignalJobResponse;
import io.joblet.storage.v1.StopJobRequest;
import io.joblet.storage.v1.StopJobResponse;
import io.joblet.storage.v1.StreamLogsRequest;
import io.joblet.storage.v1.Userland;
import io.joblet.storage.v1.VolumeMount;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** {@code rnx job}, for jobs that run. */
class JobsTest extends WithDaemon {
  @Test
  void listsWhatHasNotEndedPageByPage() {
    daemon
        .answer(ListJobsResponse.newBuilder().addJobs(running()).setNextPageToken("next").build())
        .answer(ListJobsResponse.newBuilder().addJobs(running().setName("b")).build());

    assertThat(rnx("job", "list"))
        .isEqualTo(
            new Outcome(
                0,
                """
                NAME      STATUS   VOLUMES  AGE  COMMAND
                build-17  running  data     60s  sh -c 'echo '\\''hi'\\'''
                b         running  data     60s  sh -c 'echo '\\''hi'\\'''
                """,
                ""));
    assertThat(daemon.requests())
        .containsExactly(
            ListJobsRequest.newBuilder().setPageSize(500).build(),
            ListJobsRequest.newBuilder().setPageSize(500).setPageToken("next").build());
  }

  @Test
  void listsEndedJobsToo() {
    daemon.answer(
        ListJobsResponse.newBuilder()
            .addJobs(exited(3).clearCommand().addCommand("x".repeat(50)))
            .addJobs(running().setStatus("killed").setSignal(9).clearCommand().clearAttachments())
            .build());

    assertThat(rnx("job", "ls", "--all").out())
        .isEqualTo(
            """
            NAME      STATUS  EXIT     VOLUMES  AGE  ID                                    COMMAND
            build-17  exited  3        data     60s  01958f2e-0000-7000-8000-0000000000f1  %s...
            build-17  killed  SIGKILL  -        60s  01958f2e-0000-7000-8000-0000000000f1  -
            """
                .formatted("x".repeat(37)));
    assertThat(daemon.request(ListJobsRequest.class).getShowEnded()).isTrue();
  }

  @Test
  void saysWhereEndedJobsAreWhenThereAreNoOthers() {
    daemon.answer(ListJobsResponse.getDefaultInstance());

    assertThat(rnx("job", "list").err()).isEqualTo("no jobs; --all has ended ones\n");
  }

  @Test
  void showsAJobToPeople() {
    daemon.answer(GetJobResponse.newBuilder().setJob(running()).build());

    assertThat(rnx("job", "inspect", "build-17"))
        .isEqualTo(
            new Outcome(
                0,
                """
                Name:         build-17
                ID:           01958f2e-0000-7000-8000-0000000000f1
                Status:       running
                Warning:      buffered writes are not limited on this host
                Command:      sh -c 'echo '\\''hi'\\'''
                Environment:  PATH
                Directory:    /work
                Root:         host
                Sizes:        /work 1 MiB, /tmp 2 MiB, /dev/shm 3 MiB
                User:         uid 65534, gid 65534
                I/O:          read 10 MiB/s, 100 writes/s
                Network:      none
                Processes:    at most 512
                Log:          at most 16 MiB
                Owner:        root
                Node:         host-1
                On the host:  /opt/joblet/jobs/build-17
                Supervisor:   pid 4711
                Created:      2026-03-01T11:59:00Z (60s ago)
                Started:      2026-03-01T11:59:00.004Z (59s ago)
                Volume:       data at /data (exclusive, attached; host: /opt/joblet/jobs/build-17/data)
                """,
                ""));
    assertThat(daemon.request(GetJobRequest.class).getJob()).isEqualTo("build-17");
  }

  @Test
  void writesAJobForPrograms() throws Exception {
    daemon
        .answer(GetJobResponse.newBuilder().setJob(exited(0)).build())
        .answer(GetJobResponse.newBuilder().setJob(exited(0)).build());

    String json = rnx("job", "inspect", "build-17", "--format=json").out();
    String yaml = rnx("job", "inspect", "build-17", "--format=yaml").out();

    Map<?, ?> document = new ObjectMapper().readValue(json, Map.class);
    assertThat(new Yaml().<Map<?, ?>>load(yaml)).isEqualTo(document);
    assertThat(document.get("exit_code")).isEqualTo(0);
    assertThat(document.containsKey("signal")).isTrue();
    assertThat(document.get("signal")).isNull();
    assertThat(document.get("command")).isEqualTo(List.of("sh", "-c", "echo 'hi'"));
    assertThat(document.get("finished_at")).isEqualTo("2026-03-01T11:59:30Z");
    assertThat(document.get("log_size_bytes")).isEqualTo(16 << 20);
    assertThat(((Map<?, ?>) document.get("filesystem")).get("work_size_bytes")).isEqualTo(1 << 20);
    assertThat(((Map<?, ?>) document.get("io_limits")).get("read_bps")).isEqualTo(10 << 20);
    assertThat(((Map<?, ?>) document.get("io_limits")).get("write_bps")).isNull();
    assertThat(document.get("network")).isEqualTo("none");
  }

  @Test
  void pointsToTheListWhenAJobIsNotThere() {
    daemon.refuse(
        StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder()
                .setCode(Code.NOT_FOUND_VALUE)
                .setMessage("job 'x' does not exist")
                .addDetails(Any.pack(ResourceInfo.newBuilder().setResourceType("job").build()))
                .build()));

    assertThat(rnx("job", "inspect", "x"))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "rnx: job 'x' does not exist\n  'rnx job list --all' shows what there is\n"));
  }

  @ParameterizedTest
  @CsvSource({"both,'one\ntw','err\n'", "stdout,'one\ntw',''", "stderr,'','err\n'"})
  void printsTheLog(String stream, String out, String err) {
    daemon.stream(
        begun(running()),
        output(1, "one\n"),
        errors(2, "err\n"),
        output(3, "tw"),
        ended(running()));

    assertThat(rnx("job", "logs", "build-17", "--stream=" + stream))
        .isEqualTo(new Outcome(0, out, err));
    assertThat(daemon.request(StreamLogsRequest.class))
        .isEqualTo(StreamLogsRequest.newBuilder().setJob("build-17").build());
  }

  @Test
  void putsTimesBeforeLinesAndNotIntoThem() {
    daemon.stream(
        begun(running()),
        output(1, "one\ntw"),
        errors(2, "err\n"),
        output(3, "o\n\nthree\n"),
        ended(running()));

    assertThat(rnx("job", "logs", "-t", "build-17"))
        .isEqualTo(
            new Outcome(
                0,
                """
                2026-03-01T11:00:01Z one
                2026-03-01T11:00:01Z two
                2026-03-01T11:00:03Z\s
                2026-03-01T11:00:03Z three
                """,
                "2026-03-01T11:00:02Z err\n"));
  }

  @Test
  void followsALogAcrossARestartOfTheDaemon() {
    daemon
        .breakOff(Status.UNAVAILABLE.asRuntimeException(), begun(running()), output(1, "one\n"))
        .stream(begun(running()), output(1, "one\n"), output(2, "two\n"), ended(exited(5)));

    Outcome outcome = rnx("job", "logs", "-f", "build-17");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).isEqualTo("one\ntwo\n");
    assertThat(((StreamLogsRequest) daemon.requests().get(0)).getFollow()).isTrue();
    assertThat(((StreamLogsRequest) daemon.requests().get(1)).getJob()).isEqualTo(Samples.JOB_ID);
  }

  @Test
  void stopsWhatItCan() {
    daemon
        .answer(
            StopJobResponse.newBuilder()
                .setJob(running().setStatus("killed").setSignal(15))
                .build())
        .refuse(Status.NOT_FOUND.withDescription("no x").asRuntimeException())
        .answer(StopJobResponse.newBuilder().setJob(exited(0).setName("c")).build());

    Outcome outcome = rnx("job", "stop", "--grace=0", "build-17", "x", "c");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out())
        .isEqualTo("stopped build-17; it ended by SIGTERM\nstopped c; it exited with 0\n");
    assertThat(outcome.err()).startsWith("rnx: no x\n");
    assertThat(daemon.requests().get(0))
        .isEqualTo(
            StopJobRequest.newBuilder()
                .setJob("build-17")
                .setGrace(Duration.getDefaultInstance())
                .build());
  }

  @Test
  void waitsForAStopAsLongAsItsGrace() {
    daemon.answer(StopJobResponse.newBuilder().setJob(exited(0)).build());

    Outcome outcome =
        rnx("job", "stop", "build-17", "--grace=1m30s", "--timeout=1ms", "--format=json");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).startsWith("[\n  {\n    \"id\": \"" + Samples.JOB_ID);
    assertThat(daemon.request(StopJobRequest.class).getGrace().getSeconds()).isEqualTo(90);
  }

  @Test
  void removesWhatItCan() {
    daemon
        .refuse(Status.FAILED_PRECONDITION.withDescription("a runs").asRuntimeException())
        .answer(RemoveJobResponse.getDefaultInstance());

    Outcome outcome = rnx("job", "rm", "--force", "a", "b");

    assertThat(outcome).isEqualTo(new Outcome(1, "removed b\n", "rnx: a runs\n"));
    assertThat(daemon.requests())
        .allSatisfy(request -> {
          assertThat(((RemoveJobRequest) request).getForce()).isTrue();
          assertThat(((RemoveJobRequest) request).getRequestId()).isNotEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"15", "TERM", "sigterm", "SIGTERM"})
  void sendsASignalByNumberOrName(String signal) {
    daemon.answer(SignalJobResponse.getDefaultInstance());

    assertThat(rnx("job", "signal", "build-17", signal))
        .isEqualTo(new Outcome(0, "sent SIGTERM to build-17\n", ""));
    assertThat(daemon.request(SignalJobRequest.class))
        .isEqualTo(SignalJobRequest.newBuilder().setJob("build-17").setSignal(15).build());
  }

  @Test
  void sendsASignalOnce() {
    daemon.refuse(Status.UNAVAILABLE.asRuntimeException());

    assertThat(rnx("job", "signal", "build-17", "USR1").status()).isEqualTo(1);
    assertThat(daemon.requests()).hasSize(1);
  }

  @Test
  void preparesAFileSystem() {
    daemon.answer(PrepareFilesystemResponse.newBuilder().setJob(running()).build());

    Outcome outcome =
        rnx(
            "job prepare build-17 --rootfs=minimal --work-size=64MB --user=7 --volume=data:/data --pid=4711 --request-id=r"
                .split(" "));

    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                0,
                "prepared build-17 in /opt/joblet/jobs/build-17\n  data at /data\n",
                "rnx: warning: buffered writes are not limited on this host\n"));
    assertThat(daemon.request(PrepareFilesystemRequest.class))
        .isEqualTo(
            PrepareFilesystemRequest.newBuilder()
                .setJobId("build-17")
                .setFilesystem(
                    JobFilesystem.newBuilder()
                        .setUserland(Userland.MINIMAL)
                        .setWorkSizeBytes(64 << 20)
                        .setUid(7))
                .addVolumes(VolumeMount.newBuilder().setVolume("data").setMountPath("/data"))
                .setLiveness(Liveness.newBuilder().setPid(4711))
                .setRequestId("r")
                .build());
  }

  @Test
  void preparesAFileSystemWithoutVolumes() {
    daemon.answer(
        PrepareFilesystemResponse.newBuilder().setJob(running().clearAttachments()).build());

    assertThat(rnx("job", "prepare", "build-17", "--rootfs=auto", "--quiet", "--format=yaml"))
        .isEqualTo(
            new Outcome(
                0,
                """
                job_id: build-17
                job_directory: /opt/joblet/jobs/build-17
                attachments: []
                """,
                ""));
  }
}
