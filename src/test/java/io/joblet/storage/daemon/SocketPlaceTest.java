package io.joblet.storage.daemon;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketPlaceTest {
  @TempDir Path directory;

  @Test
  void makesTheRunDirectoryForRootAlone() throws Exception {
    SocketPlace.prepare(run(), socket());
    assertThat(Files.getPosixFilePermissions(run())).isEqualTo(fromString("rwx------"));
  }

  @Test
  void refusesADirectoryOpenToOthersAndLeavesItAsItIs() throws Exception {
    Files.createDirectory(run());
    Files.setPosixFilePermissions(run(), fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> SocketPlace.prepare(run(), socket()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("open to others")
        .hasMessageContaining("rwxr-xr-x");
    assertThat(Files.getPosixFilePermissions(run())).isEqualTo(fromString("rwxr-xr-x"));
  }

  @Test
  void refusesADirectoryOfAnotherUser() throws Exception {
    Files.createDirectory(run());
    Files.setPosixFilePermissions(run(), fromString("rwx------"));
    Files.setAttribute(run(), "unix:uid", 65534);
    assertThatThrownBy(() -> SocketPlace.prepare(run(), socket()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("open to others");
  }

  @Test
  void removesASocketThatNobodyAnswersOn() throws Exception {
    SocketPlace.prepare(run(), socket());
    listen().close();
    assertThat(Files.exists(socket(), LinkOption.NOFOLLOW_LINKS)).isTrue();
    SocketPlace.prepare(run(), socket());
    assertThat(Files.exists(socket(), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void refusesWhileAnotherDaemonAnswers() throws Exception {
    SocketPlace.prepare(run(), socket());
    try (ServerSocketChannel other = listen()) {
      assertThatThrownBy(() -> SocketPlace.prepare(run(), socket()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("another daemon answers on " + socket());
      assertThat(other.isOpen()).isTrue();
      assertThat(socket()).exists();
    }
  }

  @Test
  void refusesAFileInTheSocketsPlaceAndKeepsIt() throws Exception {
    SocketPlace.prepare(run(), socket());
    Files.writeString(socket(), "somebody's");
    assertThatThrownBy(() -> SocketPlace.prepare(run(), socket()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("is no socket");
    assertThat(socket()).hasContent("somebody's");
  }

  @Test
  void refusesAPathThatTheKernelHasNoRoomFor() {
    assertThatThrownBy(() -> SocketPlace.prepare(run(), run().resolve("s".repeat(100))))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("longer than 107 bytes");
  }

  private Path run() {
    return directory.resolve("run");
  }

  private Path socket() {
    return run().resolve("s");
  }

  private ServerSocketChannel listen() throws Exception {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket()));
  }
}
