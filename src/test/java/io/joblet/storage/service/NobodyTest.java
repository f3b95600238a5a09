package io.joblet.storage.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status.Code;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections on which nobody is known. */
@QuarkusTest
class NobodyTest extends ServiceTest {
  @TestHTTPResource("/")
  URL url;

  private ManagedChannel tcp;

  @BeforeEach
  void connectByTcp() {
    tcp = ManagedChannelBuilder.forAddress("127.0.0.1", url.getPort()).usePlaintext().build();
  }

  @AfterEach
  void disconnect() throws InterruptedException {
    tcp.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  @Test
  void areRefusedByGrpc() {
    create("data");

    Refused refused =
        Refused.by(() ->
            VolumeServiceGrpc.newBlockingStub(tcp)
                .getVolume(GetVolumeRequest.newBuilder().setVolume("data").build()));

    assertThat(refused.code()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(refused.message()).startsWith("a client certificate is needed");
    assertThat(refused.error().getReason()).isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void areRefusedByStreamsAndHealthToo() {
    assertThat(
            Refused.by(() ->
                    JobServiceGrpc.newBlockingStub(tcp)
                        .runAttached(RunJobRequest.getDefaultInstance())
                        .next())
                .code())
        .isEqualTo(Code.UNAUTHENTICATED);
    assertThat(
            Refused.by(() ->
                    HealthGrpc.newBlockingStub(tcp).check(HealthCheckRequest.getDefaultInstance()))
                .code())
        .isEqualTo(Code.UNAUTHENTICATED);
  }

  @Test
  void areRefusedByHttp() throws IOException {
    for (String path :
        new String[] {"q/metrics", "q/health", "q", "q/../q/metrics", "//q/metrics"}) {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url + path).toURL().openConnection();
      assertThat(connection.getResponseCode()).as(path).isEqualTo(401);
      connection.disconnect();
    }
  }

  @Test
  void areToldHowToSayWhoTheyAre() throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url + "api/v1/volumes").toURL().openConnection();
    assertThat(connection.getResponseCode()).isEqualTo(401);
    assertThat(new String(connection.getErrorStream().readAllBytes(), UTF_8))
        .contains("client certificate", "Authorization: Bearer TOKEN");
    connection.disconnect();
  }

  @Test
  void recordsNameTheUserAtTheSocket() {
    create("data");

    assertThat(rows.query("select created_by from volume")).containsExactly("uid:0");
  }
}
