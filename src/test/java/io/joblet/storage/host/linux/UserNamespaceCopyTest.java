package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.Pin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What somebody without privileges, who is root in a user namespace of his own, can do with the
 * copies of a volume there, and what he cannot keep from happening.
 */
class UserNamespaceCopyTest {
  private static final List<String> WITHOUT_PRIVILEGES =
      List.of("setpriv", "--reuid=1000", "--regid=1000", "--clear-groups");
  private static final List<String> USER_NAMESPACE =
      List.of("unshare", "--user", "--map-root-user", "--mount");

  /** A directory whose path is longer than any path in a system call. */
  private static final String DEEP =
      "mount -t tmpfs deep /mnt && cd /mnt && name=$(printf %0250d 0) && for i in $(seq 60);"
          + " do mkdir $name && cd -P $name 2>/dev/null; done";

  private final HostFixture fixture = HostFixture.open("directory");
  private final LinuxHost host = fixture.host();
  private final ManagedPath volume = fixture.volume("v");
  private final ManagedPath job = fixture.job("j");
  private final ManagedPath target = fixture.job("j/data");
  private final MakeDirectory mountPoint = new MakeDirectory(target, 0755);
  private final BindMount bind = new BindMount(volume, target, false);

  @BeforeEach
  void attach() throws IOException {
    host.apply(new MakeDirectory(volume, 0755));
    host.apply(new MakeDirectory(job, 0755));
    host.apply(mountPoint);
    host.apply(bind);
    Files.writeString(fixture.real(volume).resolve("file"), "content");
    // As what is above the managed roots of an installation; the roots are not to be looked into.
    Shell.ok("chmod", "711", fixture.directory().toString());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Process stranger(String script) {
    List<String> empty = command(WITHOUT_PRIVILEGES, USER_NAMESPACE, List.of("true"));
    Needs.that(
        Shell.run(empty.toArray(String[]::new)).exit() == 0,
        "user namespaces for users without privileges");
    return started(WITHOUT_PRIVILEGES, USER_NAMESPACE, script);
  }

  private Process started(List<String> as, List<String> in, String script) {
    List<String> shell = List.of("sh", "-c", script + " && echo in && exec sleep 600");
    Process process = fixture.start(command(as, in, shell).toArray(String[]::new));
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("in");
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(List<String> as, List<String> in, List<String> program) {
    List<String> all = new ArrayList<>(as);
    all.addAll(in);
    all.addAll(program);
    return all;
  }

  private String shown() {
    return fixture.real(target).toString();
  }

  /** The mounts of the volume at its place in the job, in whatever the process has of the roots. */
  private List<String> copies(Process process) {
    String ours = fixture.directory().getFileName().toString();
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/mountinfo")).stream()
          .filter(line -> line.contains(ours) && line.contains("/j/data "))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean mounted() {
    return host.mounts().stream().anyMatch(m -> m.target().equals(shown()));
  }

  private void assertDetachesWithoutRegardTo(Process stranger) {
    assertThat(host.shownElsewhere(target)).isEmpty();
    assertThat(host.pinnedBy(volume)).isEmpty();

    host.undo(bind);
    host.undo(mountPoint);

    assertThat(mounted()).isFalse();
    assertThat(fixture.real(target)).doesNotExist();
    assertThat(copies(stranger)).isEmpty();
    assertThat(fixture.real(volume).resolve("file")).hasContent("content");
    assertThat(host.pinnedBy(volume)).isEmpty();
  }

  private void assertRefusedBecauseOf(Process process) {
    assertThat(host.shownElsewhere(target)).extracting(Pin::pid).contains(process.pid());
    assertThat(mounted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mount --rbind / /mnt",
        "mount --rbind JOBS /mnt",
        "mount --rbind JOBS JOBS",
        "mount --rbind / /mnt && cd /mnt && pivot_root . mnt",
        DEEP + " && mount --no-canonicalize --rbind / .",
      })
  void takesWhatAStrangerBoundWithAllThatIsInItForACopy(String script) {
    String jobs = fixture.settings().jobsDirectory().toString();
    Process stranger = stranger(script.replace("JOBS", jobs));
    assertThat(copies(stranger)).hasSizeGreaterThan(1);

    assertDetachesWithoutRegardTo(stranger);
  }

  @Test
  void takesADirectoryThatAStrangerMadeUnderTheNameOfAJobsForHisOwn() {
    String own = fixture.real(job).toString();
    Process stranger =
        stranger(
            "mount -t tmpfs own " + fixture.directory() + " && mkdir -p " + own + " && cd " + own);
    assertThat(Processes.whereabouts(stranger.pid())).contains(own);
    assertThat(copies(stranger)).hasSize(1);

    assertDetachesWithoutRegardTo(stranger);
  }

  @Test
  void namesAStrangerWhoHasAFileOpenInWhatHeBound() {
    fixture.letOthersThrough();
    Process reader = stranger("mount --rbind / /mnt && exec 3</mnt" + shown());

    assertRefusedBecauseOf(reader);
    assertThat(host.pinnedBy(volume)).extracting(Pin::pid).contains(reader.pid());
    assertThatThrownBy(() -> host.undo(bind))
        .isInstanceOfSatisfying(
            HostException.class,
            e -> {
              assertThat(e.busy()).isTrue();
              assertThat(e.pins()).extracting(Pin::pid).contains(reader.pid());
            });
    assertThat(mounted()).isTrue();
    assertThat(copies(reader)).hasSize(2);
  }

  @Test
  void namesAStrangerWhoLivesInTheDirectoryOfTheJobThatHeBound() {
    fixture.letOthersThrough();
    assertRefusedBecauseOf(stranger("mount --rbind / /mnt && cd /mnt" + fixture.real(job)));
  }

  @Test
  void namesAContainerOfAnotherUserNamespaceThatHasTheVolumeAtAPlaceOfItsOwn() {
    assertRefusedBecauseOf(started(List.of(), USER_NAMESPACE, "mount --bind " + shown() + " /mnt"));
  }

  @Test
  void namesANamespaceOfTheHostsRootThatBoundAllThatThereIs() {
    assertRefusedBecauseOf(
        started(List.of(), List.of("unshare", "--mount"), "mount --rbind / /mnt"));
  }
}
