package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.Status.Code;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.GetNodeRequest;
import io.joblet.storage.v1.GetNodeResponse;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;

/** What operators and their tools look at. */
@QuarkusTest
class ObservabilityTest extends ServiceTest {

  @Test
  void isHealthy() throws IOException {
    assertThat(http("/q/health")).startsWith("HTTP/1.1 200").contains("\"status\": \"UP\"");
    assertThat(http("/q/health/ready")).startsWith("HTTP/1.1 200").contains("\"status\": \"UP\"");
    assertThat(http("/q/health/live")).startsWith("HTTP/1.1 200");
    assertThat(
            HealthGrpc.newBlockingStub(channel())
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void measuresOperationsAndStepsOnTheHost() throws IOException {
    create("data");

    assertThat(http("/q/metrics"))
        .startsWith("HTTP/1.1 200")
        .contains("joblet_host_operation_seconds_bucket{kind=\"create\",outcome=\"DONE\"")
        .contains("joblet_host_step_seconds_count{outcome=\"APPLIED\",step=\"make-subvolume\"");
  }

  @Test
  void namesNoVolumeInItsMetrics() throws IOException {
    create("unmistakable");
    assertThat(http("/api/v1/volumes/unmistakable")).startsWith("HTTP/1.1 200");

    assertThat(http("/q/metrics"))
        .contains("http_server_requests_seconds_count", "uri=\"/api/v1\"")
        .doesNotContain("unmistakable");
  }

  @Test
  void reflectsItsServices() throws Exception {
    CompletableFuture<List<String>> names = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    names.complete(
                        response.getListServicesResponse().getServiceList().stream()
                            .map(ServiceResponse::getName)
                            .toList());
                  }

                  @Override
                  public void onError(Throwable failure) {
                    names.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());

    assertThat(names.get(20, TimeUnit.SECONDS))
        .contains("joblet.storage.v1.VolumeService", "joblet.storage.v1.AdminService");
    requests.onCompleted();
  }

  @Test
  void refusesAnOversizeMessageAndServesOthers() {
    create("data");

    Refused refused =
        Refused.by(() ->
            volumes.getVolume(
                GetVolumeRequest.newBuilder().setVolume("a".repeat(2 << 20)).build()));

    assertThat(refused.code()).isIn(Code.RESOURCE_EXHAUSTED, Code.CANCELLED, Code.UNKNOWN);
    assertThat(get("data").getName()).isEqualTo("data");
  }

  @Test
  void logsAFailureWithTheRequestIdOfTheCall() throws IOException {
    createDamagedImage("data");
    List<String> logged = new CopyOnWriteArrayList<>();
    Handler handler =
        new ExtHandler() {
          @Override
          protected void doPublish(ExtLogRecord entry) {
            logged.add(entry.getMdc("requestId") + " " + entry.getFormattedMessage());
          }
        };
    Logger logger = Logger.getLogger("io.joblet.storage.grpc");
    logger.addHandler(handler);
    try {
      Refused refused =
          Refused.by(() ->
              volumes.attachVolume(
                  AttachVolumeRequest.newBuilder()
                      .setVolume("data")
                      .setJobId("job")
                      .setRequestId("the-id")
                      .build()));
      assertThat(refused.code()).isEqualTo(Code.INTERNAL);
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(logged).singleElement().asString().startsWith("the-id incident the-id");
  }

  @Test
  void measuresStartsAndEndsOfJobs() throws IOException {
    runToItsEnd("true");
    Refused.by(() -> runToItsEnd("no-such-command"));

    assertThat(http("/q/metrics"))
        .startsWith("HTTP/1.1 200")
        .contains("joblet_job_start_seconds_bucket{outcome=\"STARTED\"")
        .contains("joblet_job_start_seconds_count{outcome=\"REFUSED\"")
        .contains("joblet_job_ends_total{state=\"EXITED\"")
        .contains("joblet_jobs_running 0.0");
  }

  @Test
  void logsTheStartAndTheEndOfAJobWithItsIdAndNotItsCommand() {
    List<String> logged = new CopyOnWriteArrayList<>();
    Handler handler =
        new ExtHandler() {
          @Override
          protected void doPublish(ExtLogRecord entry) {
            logged.add(entry.getMdc("jobId") + " " + entry.getFormattedMessage());
          }
        };
    Logger logger = Logger.getLogger("io.joblet.storage.job");
    logger.addHandler(handler);
    String id;
    try {
      id = runToItsEnd("sh", "-c", "exit 3 # swordfish");
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(logged)
        .containsExactly(
            id + " job 'j' runs", id + " job 'j' has ended: its command exited with 3");
  }

  private String runToItsEnd(String... command) {
    List<String> ids = new ArrayList<>();
    jobs.runAttached(
            RunJobRequest.newBuilder().setJobId("j").addAllCommand(List.of(command)).build())
        .forEachRemaining(o -> {
          if (o.hasEnded()) {
            ids.add(o.getEnded().getId());
          }
        });
    return ids.getFirst();
  }

  @Test
  void tellsAboutItsNode() {
    create("data");
    create(wantedInMemory("cache"));

    GetNodeResponse node = admin.getNode(GetNodeRequest.getDefaultInstance());

    assertThat(node.getName()).isEqualTo("under-test");
    assertThat(node.getProvider()).isEqualTo("btrfs");
    assertThat(node.getAllocatedBytes()).isEqualTo(16 * MIB);
    assertThat(node.getMemoryAllocatedBytes()).isEqualTo(MIB);
    assertThat(node.getPoolFreeBytes()).isBetween(1L, node.getPoolSizeBytes());
    assertThat(node.getVolumesDirectory()).isEqualTo(config.volumesDirectory());
  }
}
