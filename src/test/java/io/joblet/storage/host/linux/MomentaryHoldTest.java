package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MountJobRoot;
import io.joblet.storage.host.JobRoot;
import io.joblet.storage.host.ManagedPath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A mount that is busy though no process has it open. While the daemon starts a process, that has
 * copies of all its descriptors for a moment, and is gone when it is looked for; here the kernel
 * holds a file for a loop device.
 */
class MomentaryHoldTest {
  private static final long MIB = 1 << 20;

  private final HostFixture fixture = HostFixture.open("directory");
  private final LinuxHost host = fixture.host();
  private final ManagedPath directory = fixture.job("j");
  private final MountJobRoot root =
      new MountJobRoot(
          directory, new JobRoot(JobRoot.Userland.HOST, Optional.empty(), MIB, MIB, 65534, 65534));
  private String device;

  @BeforeEach
  void holdAFile() throws IOException {
    host.apply(new MakeDirectory(directory, 0755));
    host.apply(root);
    Path file = fixture.real(directory).resolve("work/image");
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(MIB / 2);
    }
    device = Shell.ok("losetup", "--find", "--show", file.toString());
  }

  @AfterEach
  void close() {
    letGo();
    host.undo(root);
    fixture.close();
  }

  private synchronized void letGo() {
    if (device != null) {
      Shell.ok("losetup", "-d", device);
      device = null;
    }
  }

  @Test
  void isWaitedFor() throws InterruptedException {
    Thread later =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Thread.sleep(300);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              letGo();
            });

    host.undo(root);

    later.join();
    assertThat(host.mounts()).noneMatch(m -> m.target().contains("/jobs/j"));
  }

  /** It has copies of what is open here, and hangs where posix_spawn(3) opens a pipe for it. */
  @Test
  void ofAProcessThatIsBeingStartedIsWaitedFor() throws Exception {
    letGo();
    Path pipe = Files.createTempDirectory("hold").resolve("pipe");
    Shell.ok("mkfifo", pipe.toString());
    Thread spawn;
    try (Descriptor held =
        Syscalls.open(
            fixture.real(directory).resolve("work").toString(),
            Syscalls.O_RDONLY | Syscalls.O_DIRECTORY)) {
      spawn = Thread.ofPlatform().start(() -> HangingSpawn.of("/bin/true", pipe.toString()));
      HangingSpawn.awaitChildThatHolds(held);
    }
    AtomicReference<Throwable> refusal = new AtomicReference<>();
    Thread undo =
        Thread.ofPlatform()
            .uncaughtExceptionHandler((t, e) -> refusal.set(e))
            .start(() -> host.undo(root));
    try {
      // More than two looks of the unmount's.
      undo.join(300);
      assertThat(refusal.get()).isNull();
      assertThat(undo.isAlive()).isTrue();
    } finally {
      // That lets its reader go on; whoever wrote as well might find it gone.
      Files.newOutputStream(pipe).close();
      spawn.join();
      undo.join();
      Files.delete(pipe);
      Files.delete(pipe.getParent());
    }

    assertThat(refusal.get()).isNull();
    assertThat(host.mounts()).noneMatch(m -> m.target().contains("/jobs/j"));
  }

  @Test
  void isARefusalInTheEnd() {
    assertThatThrownBy(() -> host.undo(root))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("no process was found");
  }
}
