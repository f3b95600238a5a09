package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MountJobRoot;
import io.joblet.storage.host.JobRoot;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobBaseTest {
  private static final long MIB = 1 << 20;

  private final HostFixture fixture = HostFixture.open("directory");
  private final LinuxHost host = fixture.host();
  private final Path base = fixture.settings().jobsDirectory().resolve(".base");
  private final Path job = fixture.real(fixture.job("j"));
  private final MountJobRoot root =
      new MountJobRoot(
          fixture.job("j"),
          new JobRoot(JobRoot.Userland.HOST, Optional.empty(), MIB, MIB, 65534, 65534));

  @BeforeEach
  void mountRoot() {
    host.apply(new MakeDirectory(fixture.job("j"), 0755));
    host.apply(root);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private long mounts() {
    return MountTable.read().stream().filter(m -> m.target().equals(base.toString())).count();
  }

  @Test
  void isOneMountThatBelongsToNoJob() {
    host.apply(new MakeDirectory(fixture.job("k"), 0755));
    host.apply(new MountJobRoot(fixture.job("k"), root.root()));
    assertThat(mounts()).isEqualTo(1);
    assertThat(host.mounts()).noneMatch(m -> m.target().equals(base.toString()));
  }

  @Test
  void isMadeCompleteByTheNextDaemonHoweverTheLastOneEnded() {
    Shell.ok("rm", base + "/etc/passwd", base + "/dev/zero");
    LinuxHost again = fixture.reopen();
    again.undo(root);
    again.apply(root);
    assertThat(mounts()).isEqualTo(1);
    assertThat(job.resolve("etc/passwd")).exists();
    assertThat(job.resolve("dev/zero")).exists();
  }

  @Test
  void staysAsLongAsAJobShowsItAndGoesWithTheRoots() {
    assertThatThrownBy(host::release)
        .isInstanceOf(HostException.class)
        .hasMessageContaining("/jobs/j");
    assertThat(mounts()).isEqualTo(1);
    host.undo(root);
    host.release();
    assertThat(MountTable.below(MountTable.read(), fixture.directory().toString())).isEmpty();
  }
}
