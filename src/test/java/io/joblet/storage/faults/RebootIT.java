package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.Liveness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The host was started anew: an empty mount table, no loop devices, another boot id. The kernel's
 * boot id cannot be changed, so the one that the rows remember is.
 */
class RebootIT {
  private static final long SIZE = 4 << 20;
  private static final String OTHER_BOOT = "00000000-0000-4000-8000-000000000001";

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
  void mountsPoolAndAttachmentsAgainAndReleasesThoseOfProcessesThatCannotLive() throws Exception {
    Running before = installation.start();
    Liveness lease = Liveness.newBuilder().setLease(Duration.newBuilder().setSeconds(3600)).build();
    Liveness ours = Liveness.newBuilder().setPid(ProcessHandle.current().pid()).build();
    Path btrfs = attach(before, Kind.BTRFS, "leased", lease);
    Path loop = attach(before, Kind.LOOP, "until-cleanup", Liveness.getDefaultInstance());
    Path memory = attach(before, Kind.MEMORY, "in-memory", lease);
    Path process = attach(before, Kind.BTRFS, "of-process", ours);
    Path idle = attach(before, Kind.LOOP, "idle-image", ours);
    for (Path place : List.of(btrfs, loop, memory, process, idle)) {
      Files.writeString(place.resolve("file"), "kept");
    }
    Shell.run("sync", "-f", btrfs.toString());
    Shell.run("sync", "-f", loop.toString());
    rememberAnotherBoot();
    before.close();
    installation.awaitDatabaseEnd();
    Mounts.unmountAll(directory);
    assertThat(Mounts.below(directory)).isEmpty();

    Running after = installation.start();

    assertThat(Files.readString(btrfs.resolve("file"))).isEqualTo("kept");
    assertThat(Files.readString(loop.resolve("file"))).isEqualTo("kept");
    assertThat(memory).isEmptyDirectory();
    assertThat(process).doesNotExist();
    assertThat(idle).doesNotExist();
    assertThat(new Inspector(installation).problems()).isEmpty();
    assertThat(after.client().admin().doctor(DoctorRequest.getDefaultInstance()).getFindingsList())
        .isEmpty();
    Path again = after.client().attach("of-process", "next");
    assertThat(Files.readString(again.resolve("file"))).isEqualTo("kept");
    try (Rows rows = Rows.of(installation)) {
      assertThat(rows.query("select job_name from attachment order by job_name"))
          .extracting(Map::toString)
          .containsExactly(
              "{job_name=in-memory}",
              "{job_name=leased}",
              "{job_name=next}",
              "{job_name=until-cleanup}");
    }
  }

  private static Path attach(Running daemon, Kind kind, String name, Liveness liveness) {
    daemon.client().create(kind, name, SIZE);
    return Path.of(
        daemon
            .client()
            .volumes()
            .attachVolume(
                AttachVolumeRequest.newBuilder()
                    .setVolume(name)
                    .setJobId(name)
                    .setLiveness(liveness)
                    .build())
            .getAttachment()
            .getHostPath());
  }

  private void rememberAnotherBoot() throws Exception {
    try (Rows rows = Rows.of(installation)) {
      rows.query("select set_config('joblet.incarnation', incarnation::text, false) from node");
      rows.update("update node set boot_id = '" + OTHER_BOOT + "'");
      int changed =
          rows.update("update job set boot_id = '" + OTHER_BOOT + "' where liveness = 'PROCESS'");
      assertThat(changed).isEqualTo(2);
    }
  }
}
