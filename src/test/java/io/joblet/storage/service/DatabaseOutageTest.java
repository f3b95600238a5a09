package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.GetNodeRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** PostgreSQL killed under the daemon: an ordinary event. */
@QuarkusTest
class DatabaseOutageTest extends ServiceTest {

  @Test
  void callsAreUnavailableAndThenWorkAgainAndNothingIsLost() throws Exception {
    create("data");
    attach("data", "job");
    killPostgres();

    Refused refused = firstRefusal();
    awaitService();

    assertThat(refused.code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(refused.retry().getRetryDelay().getSeconds()).isPositive();
    assertThat(get("data").getStatus()).isEqualTo("in_use");
    detach("data", "job");
    assertThat(findings()).isEmpty();
  }

  @Test
  void everyCreateIsEitherDoneOrUndoneAndTheSameRequestSaysWhich() throws Exception {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    List<CreateVolumeRequest> requests = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      requests.add(wanted("v" + i).setSizeBytes(MIB).setRequestId("outage-" + i).build());
    }
    Set<Code> heard = ConcurrentHashMap.newKeySet();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      requests.forEach(r ->
          threads.execute(() -> {
            try {
              acknowledged.add(volumes.createVolume(r).getVolume().getName());
            } catch (StatusRuntimeException e) {
              heard.add(e.getStatus().getCode());
            }
          }));
      await().pollInterval(Duration.ofMillis(1)).until(() -> acknowledged.size() >= 3);
      killPostgres();
    }
    awaitService();
    settling.settleAll();

    assertThat(heard).containsOnly(Code.UNAVAILABLE);
    assertThat(findings()).isEmpty();
    List<String> there = rows.query("select name from volume where state = 'AVAILABLE'");
    assertThat(there).containsAll(acknowledged);
    assertThat(rows.count("select count(*) from volume where state <> 'AVAILABLE'")).isZero();
    for (CreateVolumeRequest request : requests) {
      Volume volume = volumes.createVolume(request).getVolume();
      assertThat(volume.getName()).isEqualTo(request.getName());
    }
    assertThat(rows.count("select count(*) from volume")).isEqualTo(requests.size());
    assertThat(findings()).isEmpty();
    assertThat(admin.getNode(GetNodeRequest.getDefaultInstance()).getAllocatedBytes())
        .as("claims are those of the rows")
        .isEqualTo(requests.size() * MIB);
  }

  /** The parent of any session is the postmaster. */
  private void killPostgres() throws IOException, InterruptedException {
    long backend = rows.count("select pg_backend_pid()");
    String parent =
        Files.readAllLines(Path.of("/proc/" + backend + "/status")).stream()
            .filter(l -> l.startsWith("PPid:"))
            .map(l -> l.substring(5).strip())
            .findFirst()
            .orElseThrow();
    ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(parent)).orElseThrow();
    assertThat(postmaster.info().command().orElse("")).contains("postgres");
    postmaster.destroyForcibly();
  }

  private Refused firstRefusal() {
    while (true) {
      try {
        get("data");
      } catch (StatusRuntimeException e) {
        return Refused.of(e);
      }
    }
  }

  private void awaitService() {
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> {
          // Every pooled session has to notice.
          for (int i = 0; i < 10; i++) {
            admin.getNode(GetNodeRequest.getDefaultInstance());
          }
          return true;
        });
  }
}
