package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcFilesTest {
  @TempDir private Path directory;
  private Path source;
  private Path etc;

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.createDirectory(directory.resolve("source"));
    etc = directory.resolve("etc");
    Files.createDirectories(source.resolve("ssl/certs/java"));
    Files.writeString(source.resolve("ssl/certs/one.pem"), "one");
    Files.writeString(source.resolve("ssl/certs/two.pem"), "two");
    Files.writeString(source.resolve("ssl/certs/java/cacerts"), "java");
    Files.writeString(source.resolve("resolv.conf"), "nameserver 192.0.2.1");
    Files.createSymbolicLink(source.resolve("ssl/certs/0.0"), Path.of("one.pem"));
  }

  private void make() {
    EtcFiles.make(source, etc);
  }

  @Test
  void isCopiedFromTheDirectoryThatIsNamed() throws IOException {
    make();
    assertThat(etc.resolve("resolv.conf")).hasContent("nameserver 192.0.2.1");
    assertThat(etc.resolve("ssl/certs/java/cacerts")).hasContent("java");
    assertThat(Files.readSymbolicLink(etc.resolve("ssl/certs/0.0"))).isEqualTo(Path.of("one.pem"));
    assertThat(etc.resolve("passwd")).content().contains("nobody");
  }

  @Test
  void losesWhatIsNoLongerThereWhenItIsMadeAgain() throws IOException {
    make();
    Files.delete(source.resolve("ssl/certs/two.pem"));
    Files.delete(source.resolve("ssl/certs/0.0"));
    Shell.ok("rm", "-r", source + "/ssl/certs/java");
    // Where the last one was killed.
    Files.writeString(etc.resolve("resolv.conf.new"), "half");
    make();
    assertThat(etc.resolve("ssl/certs")).isDirectoryNotContaining(p -> !p.endsWith("one.pem"));
    assertThat(etc.resolve("resolv.conf.new")).doesNotExist();
    assertThat(etc.resolve("passwd")).exists();
  }

  @Test
  void losesWhatNotEverybodyMayReadAnyMore() throws IOException {
    make();
    Path closed = source.resolve("ssl/certs/two.pem");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-r-----"));
    make();
    assertThat(etc.resolve("ssl/certs/two.pem")).doesNotExist();
  }

  @Test
  void followsWhatHasBecomeSomethingElse() throws IOException {
    make();
    Shell.ok("rm", "-r", source + "/ssl/certs/java", source + "/ssl/certs/one.pem");
    Files.writeString(source.resolve("ssl/certs/java"), "now a file");
    Files.createDirectory(source.resolve("ssl/certs/one.pem"));
    Files.writeString(source.resolve("ssl/certs/one.pem/inside"), "now a directory");
    make();
    assertThat(etc.resolve("ssl/certs/java")).hasContent("now a file");
    assertThat(etc.resolve("ssl/certs/one.pem/inside")).hasContent("now a directory");
  }

  @Test
  void followsSymlinksAtTheTopAndLeavesOutThoseThatLeadNowhere() throws IOException {
    Shell.ok("mv", source + "/ssl/certs", directory + "/elsewhere");
    Files.createSymbolicLink(source.resolve("ssl/certs"), directory.resolve("elsewhere"));
    Files.delete(source.resolve("resolv.conf"));
    Files.createSymbolicLink(source.resolve("resolv.conf"), Path.of("/run/nowhere/resolv.conf"));
    make();
    assertThat(etc.resolve("ssl/certs/java/cacerts")).hasContent("java");
    assertThat(etc.resolve("resolv.conf")).doesNotExist();
  }

  @Test
  void refusesASourceThatOthersCanChangeOrThatIsNoDirectory() throws IOException {
    EtcFiles.requireSource(source);
    assertThatThrownBy(() -> EtcFiles.requireSource(source.resolve("resolv.conf")))
        .isInstanceOf(KernelRefusal.class)
        .hasMessageContaining("must be a directory")
        .hasMessageContaining("resolv.conf");
    assertThatThrownBy(() -> EtcFiles.requireSource(source.resolve("nowhere")))
        .isInstanceOf(KernelRefusal.class)
        .hasMessageContaining("no such file or directory")
        .hasMessageContaining("nowhere");
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxrwxr-x"));
    assertThatThrownBy(() -> EtcFiles.requireSource(source))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("can be changed by others than root");
  }
}
