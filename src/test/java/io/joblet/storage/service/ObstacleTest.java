package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.PrepareFilesystemRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What somebody else has put where the daemon wants to work is named and left alone, nothing is
 * left of the call, and once it is taken away the same call is fine.
 */
@QuarkusTest
class ObstacleTest extends ServiceTest {
  private final Deque<Path> placed = new ArrayDeque<>();
  private final Deque<Path> mounted = new ArrayDeque<>();

  @AfterEach
  void takeAway() throws IOException {
    for (Path path : mounted) {
      Shell.ok("umount", path.toString());
    }
    mounted.clear();
    for (Path path : placed) {
      Files.deleteIfExists(path);
    }
    placed.clear();
  }

  private Path job(String path) {
    return Path.of(config.jobsDirectory()).resolve(path);
  }

  private Path volume(Volume volume) {
    return Path.of(config.volumesDirectory(), volume.getId());
  }

  private Path directory(Path path) throws IOException {
    if (!Files.exists(path)) {
      directory(path.getParent());
      Files.createDirectory(path);
      placed.push(path);
    }
    return path;
  }

  private Path file(Path path) throws IOException {
    directory(path.getParent());
    Files.writeString(path, "a file where a directory belongs");
    placed.push(path);
    return path;
  }

  private Path link(Path path) throws IOException {
    directory(path.getParent());
    Files.createSymbolicLink(path, Path.of("/etc"));
    placed.push(path);
    return path;
  }

  private Path mount(Path path) throws IOException {
    directory(path);
    Shell.ok("mount", "-t", "tmpfs", "stranger", path.toString());
    mounted.push(path);
    return path;
  }

  /** The call is refused with nothing changed, and is fine when the obstacle has gone. */
  private void refuses(Path obstacle, String what, ThrowingCallable call) throws Throwable {
    Footprint before = footprint().withoutRecords();

    Refused refused = Refused.by(call);

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.error().getReason()).isEqualTo("PATH_IN_THE_WAY");
    assertThat(refused.kindInTheWay()).isEqualTo("PATH");
    assertThat(refused.inTheWay()).isEqualTo(obstacle.toString());
    assertThat(refused.message()).contains(obstacle.toString()).contains(what);
    assertThat(footprint().withoutRecords()).isEqualTo(before);
    takeAway();
    call.call();
  }

  @Test
  void aFileAtTheTargetOfAnAttach() throws Throwable {
    create("data");
    refuses(file(job("job/volumes/data")), "it is a file", () -> attach("data", "job"));
  }

  @Test
  void aFileOnTheWayToTheTarget() throws Throwable {
    create("data");
    refuses(file(job("job/volumes")), "it is a file", () -> attach("data", "job"));
  }

  @Test
  void aFileWhereTheJobsDirectoryBelongs() throws Throwable {
    create("data");
    refuses(file(job("job")), "it is a file", () -> attach("data", "job"));
  }

  @Test
  void aSymbolicLinkAtTheTarget() throws Throwable {
    create("data");
    refuses(link(job("job/volumes/data")), "it is a symbolic link", () -> attach("data", "job"));
  }

  @Test
  void aMountAtTheTarget() throws Throwable {
    create("data");
    refuses(mount(job("job/volumes/data")), "tmpfs from stranger", () -> attach("data", "job"));
  }

  @Test
  void aMountAtTheTargetOfAVolumeThatIsMountedForIt() throws Throwable {
    create(wantedInMemory("cache"));
    refuses(mount(job("job/volumes/cache")), "tmpfs from stranger", () -> attach("cache", "job"));
  }

  @Test
  void aMountOnTheWayToTheTarget() throws Throwable {
    create("data");
    refuses(mount(job("job/volumes")), "tmpfs from stranger", () -> attach("data", "job"));
  }

  @Test
  void aMountWhereAMemoryVolumeBelongs() throws Throwable {
    Volume cache = create(wantedInMemory("cache"));
    refuses(mount(volume(cache)), "tmpfs from stranger", () -> attach("cache", "job"));
  }

  @Test
  void aFileWhereAnImageIsToBeMounted() throws Throwable {
    Volume image = create(wanted("image").setInodeLimit(64));
    refuses(file(volume(image)), "it is a file", () -> attach("image", "job"));
  }

  @Test
  void aSymbolicLinkInPlaceOfAnImage() throws Throwable {
    Volume image = create(wanted("image").setInodeLimit(64));
    Path place = Path.of(config.volumesDirectory(), ".images", image.getId() + ".ext4");
    Path aside = place.resolveSibling("aside");
    Files.move(place, aside);
    try {
      Files.createSymbolicLink(place, aside);
      Refused refused = Refused.by(() -> attach("image", "job"));
      assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
      assertThat(refused.inTheWay()).isEqualTo(place.toString());
    } finally {
      Files.delete(place);
      Files.move(aside, place);
    }
    attach("image", "job");
  }

  @Test
  void aMountOverAnAttachedVolumeWhenItIsDetached() throws Throwable {
    create("data");
    attach("data", "job");
    refuses(mount(job("job/volumes/data")), "tmpfs from stranger", () -> detach("data", "job"));
  }

  @Test
  void aMountWhereTheRootOfAPreparedJobBelongs() throws Throwable {
    mount(job("job"));
    Path inside = mount(job("job/inside"));
    PrepareFilesystemRequest request =
        PrepareFilesystemRequest.newBuilder()
            .setJobId("job")
            .setFilesystem(JobFilesystem.getDefaultInstance())
            .build();
    assertThat(inside).isDirectory();
    refuses(job("job"), "tmpfs from stranger", () -> jobs.prepareFilesystem(request));
  }

  @Test
  void aFileWhereTheRootOfACommandBelongs() throws Throwable {
    RunJobRequest request = RunJobRequest.newBuilder().setJobId("job").addCommand("true").build();
    refuses(file(job("job")), "it is a file", () -> jobs.runJob(request));
  }

  @Test
  void aDirectoryInTheTrashWhereAVolumeBelongs() throws Throwable {
    Volume data = create("data");
    Path trash = directory(Path.of(config.volumesDirectory(), ".trash", data.getId()));
    refuses(trash, "it is a directory", () -> delete("data"));
  }

  @Test
  void aDirectoryWhereADeletedVolumeWas() throws Throwable {
    Volume data = create("data");
    delete("data");
    UndeleteVolumeRequest request =
        UndeleteVolumeRequest.newBuilder().setVolume(data.getId()).build();
    Path obstacle = directory(volume(data));

    Refused refused = Refused.by(() -> volumes.undeleteVolume(request));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.inTheWay()).isEqualTo(obstacle.toString());
    takeAway();
    settling.settleAll();
    assertThat(get("data").getStatus()).isEqualTo("available");
  }

  @Test
  void aDirectoryInPlaceOfADeletedVolumeThatIsPurged() throws Throwable {
    Volume data = create("data");
    delete("data");
    Path trash = Path.of(config.volumesDirectory(), ".trash", data.getId());
    Shell.ok("btrfs", "subvolume", "delete", trash.toString());
    DeleteVolumeRequest request =
        DeleteVolumeRequest.newBuilder().setVolume(data.getId()).setPurge(true).build();
    refuses(directory(trash), "it is a directory", () -> volumes.deleteVolume(request));
  }
}
