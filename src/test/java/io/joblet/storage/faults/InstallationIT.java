package io.joblet.storage.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A pool and a database that do not belong together, or not any more: no data is ever deleted. */
class InstallationIT {
  private static final long SIZE = 1 << 20;

  @RegisterExtension
  static final EachTestIsATry TRIES =
      new EachTestIsATry("pool and database that do not belong together");

  @TempDir Path directory;
  private Installation installation;

  @BeforeEach
  void setUp() throws Exception {
    installation = new Installation(directory);
  }

  @AfterEach
  void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void refusesThePoolOfAnotherInstallationAndChangesNothing() throws Exception {
    stop(withVolume("kept"));
    Path marker = installation.volumes().resolve(".installation");
    String own = Files.readString(marker);
    Files.writeString(marker, UUID.randomUUID() + "\n");

    refuse("the pool belongs to installation");

    Files.writeString(marker, own);
    installation.start();
    assertThat(new Inspector(installation).problems()).isEmpty();
    assertThat(Files.readString(data("kept"))).isEqualTo("kept");
  }

  /** As where the host was renamed and joblet.node is its name. */
  @Test
  void refusesThePoolOfAnotherNodeAndChangesNothing() throws Exception {
    stop(withVolume("kept"));

    refuse("was the host renamed?", "-Djoblet.node=renamed");

    installation.start();
    assertThat(new Inspector(installation).problems()).isEmpty();
    assertThat(Files.readString(data("kept"))).isEqualTo("kept");
  }

  @Test
  void refusesANewDatabaseForAPoolThatHasVolumes() throws Exception {
    stop(withVolume("kept"));
    Path data = installation.postgres().resolve("data");
    Files.move(data, installation.postgres().resolve("elsewhere"));

    refuse("but the database is a new one");

    Shell.run("rm", "-r", data.toString());
    Files.move(installation.postgres().resolve("elsewhere"), data);
    Path marker = installation.volumes().resolve(".installation");
    Files.move(marker, installation.volumes().resolve(".taken-away"));
    refuse("the pool has volumes and does not say whose");
    Files.move(installation.volumes().resolve(".taken-away"), marker);
    installation.start();
    assertThat(new Inspector(installation).problems()).isEmpty();
    assertThat(Files.readString(data("kept"))).isEqualTo("kept");
  }

  @Test
  void setsAsideWhatADatabaseFromYesterdayDoesNotKnow() throws Exception {
    Running yesterday = withVolume("old");
    yesterday.client().create(Kind.BTRFS, "purged-since", SIZE);
    stop(yesterday);
    Path data = installation.postgres().resolve("data");
    Path copy = installation.postgres().resolve("copy");
    Shell.run("cp", "-a", data.toString(), copy.toString());
    Running today = installation.start();
    Volume unknown = today.client().create(Kind.BTRFS, "new", SIZE);
    Files.writeString(today.client().attach("new", "job").resolve("data"), "new");
    Volume image = today.client().create(Kind.LOOP, "image", 4 * SIZE);
    today.client().delete("purged-since", true);
    stop(today);
    Shell.run("rm", "-r", data.toString());
    Files.move(copy, data);

    Running restored = installation.start();

    assertThat(Files.readString(data("old"))).isEqualTo("old");
    Path aside = installation.volumes().resolve(".quarantine");
    assertThat(Files.readString(aside.resolve(unknown.getId()).resolve("data"))).isEqualTo("new");
    assertThat(aside.resolve(image.getId() + ".ext4")).isRegularFile();
    assertThat(kinds(restored)).contains("quarantined", "unknown-mount", "lost-volume");
    assertThat(get(restored, "purged-since").getStatus()).isEqualTo("lost");
    // What is new does not take a quota group that the set aside volume still has.
    assertThat(restored.client().create(Kind.BTRFS, "newer", SIZE).getStatus())
        .isEqualTo("available");
    stop(restored);
    Running again = installation.start();
    assertThat(Files.readString(aside.resolve(unknown.getId()).resolve("data"))).isEqualTo("new");
    assertThat(get(again, "old").getStatus()).isEqualTo("available");
  }

  @Test
  void answersUnavailableWhileItsPostgresqlIsDeadAndGoesOnWithItAfterwards() throws Exception {
    Running daemon = withVolume("kept");
    Path data = installation.postgres().resolve("data");
    String postmaster = Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
    Shell.run("kill", "-KILL", postmaster);
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> daemon.client().create(Kind.BTRFS, "after", SIZE) != null);
    assertThat(Files.readAllLines(data.resolve("postmaster.pid")).getFirst())
        .isNotEqualTo(postmaster);
    assertThat(new Inspector(installation).problems()).isEmpty();
  }

  private Running withVolume(String name) throws IOException {
    Running daemon = installation.start();
    daemon.client().create(Kind.BTRFS, name, SIZE);
    Files.write(daemon.client().attach(name, "job").resolve("data"), name.getBytes(UTF_8));
    daemon
        .client()
        .volumes()
        .detachVolume(DetachVolumeRequest.newBuilder().setVolume(name).build());
    return daemon;
  }

  private void stop(Running daemon) throws InterruptedException {
    daemon.process().destroy();
    daemon.process().waitFor();
    daemon.close();
  }

  private void refuse(String reason, String... settings) throws Exception {
    Running refused = installation.launch(List.of(), settings);
    assertThat(refused.process().waitFor()).isEqualTo(1);
    assertThat(installation.output()).contains(reason);
    assertThatThrownBy(() -> refused.client().create(Kind.BTRFS, "never", SIZE))
        .isInstanceOf(StatusRuntimeException.class);
    installation.awaitDatabaseEnd();
  }

  /** The file named data in the only volume that has one. */
  private Path data(String content) throws IOException {
    try (var volumes = Files.list(installation.volumes())) {
      for (Path volume : volumes.toList()) {
        Path data = volume.resolve("data");
        if (Files.exists(data) && Files.readString(data).equals(content)) {
          return data;
        }
      }
    }
    throw new AssertionError("no volume holds '" + content + "'");
  }

  private static Volume get(Running daemon, String name) {
    GetVolumeRequest request = GetVolumeRequest.newBuilder().setVolume(name).build();
    return daemon.client().volumes().getVolume(request).getVolume();
  }

  private static List<String> kinds(Running daemon) {
    return daemon
        .client()
        .admin()
        .doctor(DoctorRequest.getDefaultInstance())
        .getFindingsList()
        .stream()
        .map(f -> f.getKind())
        .toList();
  }
}
