package io.joblet.storage.host.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.WriteFile;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.ObstacleException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The daemon's own small files, and other things in their places. */
class SmallFilesTest {
  private final HostFixture fixture = HostFixture.open("directory");
  private final LinuxHost host = fixture.host();
  private final ManagedPath file = fixture.volume(".records/x.json");
  private final Path place = fixture.real(file);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void areReplacedAsAWholeForRootAlone() throws Exception {
    host.apply(new WriteFile(file, "one and more"));
    host.apply(new WriteFile(file, "two"));

    assertThat(place).hasContent("two");
    assertThat(Files.getPosixFilePermissions(place))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(host.read(file, 3)).contains("two".getBytes(UTF_8));
    assertThat(host.list(ManagedRoot.VOLUMES, ".records")).containsExactly("x.json");
    host.undo(new WriteFile(file, "two"));
    host.undo(new WriteFile(file, "two"));
    assertThat(host.list(ManagedRoot.VOLUMES, ".records")).isEmpty();
    assertThat(host.read(file, 3)).isEmpty();
  }

  @Test
  void takeTheNameThatAKilledDaemonLeft() throws Exception {
    Files.writeString(fixture.real(fixture.volume(".records/x.json.unfinished")), "longer, half");

    host.apply(new WriteFile(file, "whole"));

    assertThat(place).hasContent("whole");
    assertThat(host.list(ManagedRoot.VOLUMES, ".records")).containsExactly("x.json");
  }

  @Test
  void leaveNothingWhenTheyCannotTakeTheirName() throws Exception {
    Files.createDirectory(place);

    assertThatThrownBy(() -> host.apply(new WriteFile(file, "text")))
        .isInstanceOf(HostException.class);

    assertThat(host.list(ManagedRoot.VOLUMES, ".records")).containsExactly("x.json");
  }

  @Test
  void replaceALinkAndNotWhereItLeads() throws Exception {
    Path outside = Files.writeString(fixture.directory().resolve("outside"), "mine");
    Files.createSymbolicLink(place, outside);

    assertThatThrownBy(() -> host.read(file, 100)).isInstanceOf(ObstacleException.class);
    assertThat(host.checksums(ManagedRoot.VOLUMES, ".records", 100)).containsEntry("x.json", -1L);
    host.apply(new WriteFile(file, "whole"));

    assertThat(outside).hasContent("mine");
    assertThat(place).hasContent("whole").isRegularFile();
  }

  @Test
  void doNotWaitForAFifo() throws Exception {
    Shell.ok("mkfifo", place.toString());

    assertThatThrownBy(() -> host.read(file, 100)).isInstanceOf(ObstacleException.class);
    assertThat(host.checksums(ManagedRoot.VOLUMES, ".records", 100)).containsEntry("x.json", -1L);
  }

  @Test
  void areNotReadBeyondTheirBound() throws Exception {
    byte[] content = "0123456789".repeat(2000).getBytes(UTF_8);
    Files.write(place, content);
    CRC32C sum = new CRC32C();
    sum.update(content);

    assertThat(host.read(file, content.length)).contains(content);
    assertThat(host.checksums(ManagedRoot.VOLUMES, ".records", content.length))
        .containsEntry("x.json", sum.getValue());
    assertThatThrownBy(() -> host.read(file, content.length - 1))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("longer than");
    assertThat(host.checksums(ManagedRoot.VOLUMES, ".records", content.length - 1))
        .containsEntry("x.json", -1L);
  }
}
