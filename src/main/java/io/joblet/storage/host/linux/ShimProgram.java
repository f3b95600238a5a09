package io.joblet.storage.host.linux;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.joblet.storage.host.HostException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The job supervisor's program, src/main/c, as a file of the daemon's own. Its name carries its
 * content: jobs of a former version keep the program that they run.
 */
final class ShimProgram {
  private static final String RESOURCE = "/META-INF/joblet/joblet-shim";
  private static final String NAME = "joblet-shim";
  private static final long FOR_READING =
      MountCalls.ATTR_RDONLY | MountCalls.ATTR_NOSUID | MountCalls.ATTR_NODEV;

  private ShimProgram() {}

  /**
   * The program below {@code directory}, written unless it is there. It is not synced: of a power
   * cut it can come back empty, and is written again.
   */
  static Path install(Path directory) {
    byte[] program = read();
    Path home = directory.resolve(hash(program));
    Path file = home.resolve(NAME);
    RootDirectories.make(home);
    try {
      if (Files.isExecutable(file) && Arrays.equals(Files.readAllBytes(file), program)) {
        return file;
      }
      Path next = home.resolve(NAME + ".new");
      try (FileChannel channel = FileChannel.open(next, CREATE, TRUNCATE_EXISTING, WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(program);
        while (left.hasRemaining()) {
          channel.write(left);
        }
      }
      Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwx------"));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot install the job supervisor in " + home, e);
    }
  }

  /**
   * The directory of the program as a mount that nobody can write through. A process that root of a
   * job can look at may be executing the program, and /proc/PID/exe leads to the file itself, past
   * every mount of the job; through a writable mount it could be exchanged for something else.
   *
   * @return to be executed by {@link #pathIn}, as long as it is open
   */
  static Descriptor mountForReading(Path program) {
    try (Descriptor directory =
            Syscalls.open(
                program.getParent().toString(),
                Syscalls.O_PATH | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW);
        Descriptor tree = MountCalls.cloneMount(directory)) {
      MountCalls.setAttributes(tree, FOR_READING, false);
      return Spawn.high(tree);
    }
  }

  static String pathIn(Descriptor mount) {
    return mount.procPath() + "/" + NAME;
  }

  private static byte[] read() {
    try (InputStream in = ShimProgram.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new HostException("this build has no job supervisor: " + RESOURCE, "ENOENT");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
