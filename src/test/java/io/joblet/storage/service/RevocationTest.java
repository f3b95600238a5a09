package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import io.joblet.storage.cli.tls.Authority;
import io.joblet.storage.cli.tls.Credentials;
import io.joblet.storage.cli.tls.RevocationList;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.WatchVolumesRequest;
import io.joblet.storage.v1.WatchVolumesResponse;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Client certificates that are good no more. */
@QuarkusTest
class RevocationTest extends RemoteTest {
  private static final RevocationList NOBODY = new RevocationList(Map.of());

  @AfterEach
  void revokeNobody() throws IOException {
    write(NOBODY.pem(authority, Instant.now()));
  }

  private void write(String text) throws IOException {
    Path directory = Path.of(settings.getValue(TlsResource.DIRECTORY, String.class));
    Path fresh = Files.writeString(directory.resolve("fresh"), text);
    Files.move(fresh, directory.resolve(TlsResource.REVOKED), StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isKnown(Remote who) {
    try {
      who.volumes().listVolumes(ListVolumesRequest.getDefaultInstance());
      return true;
    } catch (io.grpc.StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(e.getStatus().getDescription())
          .isEqualTo("the client certificate has been revoked");
      return false;
    }
  }

  @Test
  void areRefusedWithTheNextCallAlsoOnConnectionsThatAreOpen() throws Exception {
    Credentials stolen = Remote.issued(authority, "alice", "maintainer");
    Remote thief = with(stolen);
    Remote alice = as("alice", "maintainer");
    assertThat(isKnown(thief)).isTrue();
    assertThat(isKnown(alice)).isTrue();

    write(NOBODY.with(stolen.certificate(), Instant.now()).pem(authority, Instant.now()));

    await().until(() -> !isKnown(thief));
    assertThat(isKnown(alice)).isTrue();
    assertThat(isKnown(with(stolen))).isFalse();
    Browsing browsing = new Browsing(tlsUrl.getPort(), authority, stolen);
    assertThat(browsing.get("/volumes").header("Location")).isEqualTo("/console/login");

    write(NOBODY.pem(authority, Instant.now()));
    await().until(() -> isKnown(thief));
  }

  @Test
  void endTheStreamsTheyBegan() throws Exception {
    Credentials stolen = Remote.issued(authority, "alice", "developer");
    Remote thief = with(stolen);
    Iterator<WatchVolumesResponse> events =
        thief.volumes().watchVolumes(WatchVolumesRequest.getDefaultInstance());
    Iterator<JobOutput> output =
        thief
            .jobs()
            .runAttached(RunJobRequest.newBuilder().addCommand("sleep").addCommand("600").build());
    assertThat(events.next().hasCaughtUpPosition()).isTrue();
    assertThat(output.next().hasJob()).isTrue();

    write(NOBODY.with(stolen.certificate(), Instant.now()).pem(authority, Instant.now()));

    for (Iterator<?> stream : List.of(events, output)) {
      Refused refused = Refused.by(() -> stream.forEachRemaining(message -> {}));
      assertThat(refused.code()).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(refused.message()).isEqualTo("the client certificate has been revoked");
    }
  }

  /** Its job writes more than all that is between them can hold, and waits for it. */
  @Test
  void endTheStreamOfOneWhoReadsNothing() throws Exception {
    Credentials stolen = Remote.issued(authority, "alice", "developer");
    // Without the deadline of other calls, whose end would let the job go.
    Iterator<JobOutput> unread =
        JobServiceGrpc.newBlockingStub(with(stolen).channel())
            .runAttached(
                RunJobRequest.newBuilder()
                    .addCommand("sh")
                    .addCommand("-c")
                    .addCommand("yes $(printf %01000d 0) | head -c 64M")
                    .build());
    String job = unread.next().getJob().getId();

    write(NOBODY.with(stolen.certificate(), Instant.now()).pem(authority, Instant.now()));

    Job ended = new JobWait(jobs).ended(job);
    assertThat(ended.getStatus()).isEqualTo("exited");
    Refused refused = Refused.by(() -> unread.forEachRemaining(message -> {}));
    assertThat(refused.code()).isEqualTo(Code.UNAUTHENTICATED);
  }

  @Test
  void stayRefusedWhenTheListIsBrokenOrOfAnotherCa() throws Exception {
    Credentials stolen = Remote.issued(authority, "alice", "maintainer");
    Credentials second = Remote.issued(authority, "bob", "maintainer");
    Remote thief = with(stolen);
    write(NOBODY.with(stolen.certificate(), Instant.now()).pem(authority, Instant.now()));
    await().until(() -> !isKnown(thief));

    for (String broken :
        new String[] {"", "no list", NOBODY.pem(Authority.make(Instant.now()), Instant.now())}) {
      write(broken);
      // What comes behind a broken one is read, so the broken one has been looked at or passed
      // over.
      assertThat(isKnown(thief)).isFalse();
    }
    RevocationList both =
        NOBODY.with(stolen.certificate(), Instant.now()).with(second.certificate(), Instant.now());
    write(both.pem(authority, Instant.now()));
    await().until(() -> !isKnown(with(second)));
    assertThat(isKnown(thief)).isFalse();
  }
}
