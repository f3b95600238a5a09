package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.v1.GetVolumeRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing more can be written where the embedded PostgreSQL has its data: calls are refused, what
 * is refused leaves nothing, and once there is room the daemon serves again, with no restart.
 */
class FullDiskIT {
  private static final long SIZE = 1 << 20;
  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final int ROOM_MIB = 192;

  /** A segment of the write-ahead log has 16 of them. */
  private static final int MOST_MIB_OF_LOG = 64;

  @TempDir Path directory;
  private Installation installation;
  private final List<String> done = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final Set<Code> codes = EnumSet.noneOf(Code.class);

  @BeforeEach
  void setUp() throws Exception {
    installation = new Installation(directory, "-Djoblet.sweep.settle-interval=1s");
    Files.createDirectories(installation.postgres());
    Shell.run(
        "mount",
        "-t",
        "tmpfs",
        "-o",
        "mode=0755,size=" + ROOM_MIB + "m",
        "joblet-test",
        installation.postgres().toString());
  }

  @AfterEach
  void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void whatIsRefusedLeavesNothingAndTheDaemonServesAgainOnceThereIsRoom() throws Exception {
    Client client = installation.start().client();
    client.create(Kind.MEMORY, "before", SIZE);
    done.add("before");
    Path ballast = installation.postgres().resolve("ballast");
    fill(ballast);

    createUntilRefused(client);

    Files.delete(ballast);
    Proof proof = new Proof("no room for the database");
    proof.checked("create", "until refused", () -> servesAgainWithNothingLeft(client));
    proof.conclude();
  }

  private void servesAgainWithNothingLeft(Client client) throws Exception {
    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> !client.create(Kind.BTRFS, "after", SIZE).getId().isEmpty());
    done.add("after");
    assertThat(codes).as("%s", refused).containsOnly(Code.UNAVAILABLE);
    for (String name : done) {
      assertThat(client.volumes().getVolume(GetVolumeRequest.newBuilder().setVolume(name).build()))
          .isNotNull();
    }
    Inspector inspector = new Inspector(installation);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() ->
            assertThat(inspector.problems())
                .filteredOn(p -> !p.startsWith("mount " + installation.postgres()))
                .isEmpty());
    try (Rows rows = Rows.of(installation)) {
      List<String> there =
          rows.query("select name from volume").stream().map(r -> r.get("name")).toList();
      assertThat(there).containsAll(done);
      // The first may have been written down before the server ended that would have said so.
      assertThat(there).doesNotContainAnyElementsOf(refused.subList(1, refused.size()));
    }
  }

  /** Writes nothing but zeros until there is no room. */
  private static void fill(Path ballast) throws IOException {
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left on device");
    }
  }

  /** The log's last segment has room yet, which messages to nobody use up meanwhile. */
  private void createUntilRefused(Client client) {
    for (int n = 0; refused.size() < 3 && n < MOST_MIB_OF_LOG; n++) {
      String name = "v" + n;
      Kind kind = KINDS.get(n % KINDS.size());
      try {
        client.create(kind, name, SIZE * (kind == Kind.LOOP ? 4 : 1));
        done.add(name);
      } catch (StatusRuntimeException e) {
        refused.add(name);
        codes.add(e.getStatus().getCode());
      }
      try (Rows superuser = Rows.of(installation, "postgres")) {
        superuser.query("select pg_logical_emit_message(true, 'test', repeat('x', 1 << 20))");
      } catch (IOException | SQLException noRoom) {
        // That is what this is for.
      }
    }
    assertThat(refused).hasSizeGreaterThan(1);
  }
}
