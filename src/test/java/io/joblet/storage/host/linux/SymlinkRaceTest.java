package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.PurgeDirectory;
import io.joblet.storage.host.HostOperation.RemoveFile;
import io.joblet.storage.host.ManagedPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A directory on the way is exchanged for a symlink that leads out, again and again. */
class SymlinkRaceTest {
  private static final int MOST_TRIES = 200_000;

  private final HostFixture fixture = HostFixture.open("directory");
  private final LinuxHost host = fixture.host();
  private final ManagedPath swapped = fixture.job("swapped");
  private final AtomicBoolean stop = new AtomicBoolean();
  private Path canary;
  private Thread swapper;

  @BeforeEach
  void makeCanary() throws IOException {
    host.apply(new MakeDirectory(swapped, 0700));
    host.apply(new MakeDirectory(fixture.job("swapped/data"), 0700));
    host.apply(new MakeDirectory(fixture.volume("v"), 0700));
    canary = Files.createDirectory(fixture.directory().resolve("canary"));
    Files.createDirectory(canary.resolve("data"));
    Files.writeString(canary.resolve("file"), "untouched");
  }

  @AfterEach
  void close() throws InterruptedException {
    stop.set(true);
    if (swapper != null) {
      swapper.join();
    }
    fixture.close();
  }

  /** renameat2 with RENAME_EXCHANGE: at every moment the name is one or the other. */
  private void startSwapping() throws IOException {
    Path link = Files.createSymbolicLink(fixture.real(fixture.job("link")), canary);
    byte[] one = CString.of(fixture.real(swapped).toString());
    byte[] other = CString.of(link.toString());
    swapper =
        Thread.ofPlatform()
            .start(() -> {
              while (!stop.get()) {
                Syscalls.rename(Syscalls.AT_FDCWD, one, Syscalls.AT_FDCWD, other, 2);
              }
            });
  }

  @Test
  void neverMountsOutsideWhereANaiveMountDoes() throws Exception {
    startSwapping();
    boolean naiveEscaped = false;
    String naive = fixture.real(fixture.job("swapped/data")).toString();
    for (int i = 0; i < MOST_TRIES && !naiveEscaped; i++) {
      naiveEscaped = Path.of(naive).toRealPath().startsWith(canary);
    }
    assertThat(naiveEscaped).as("the race is real: a path looked up by name leads out").isTrue();

    BindMount bind = new BindMount(fixture.volume("v"), fixture.job("swapped/data"), false);
    int done = 0;
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      try {
        host.apply(bind);
        done++;
      } catch (HostException e) {
        assertThat(e.errno()).isIn("ELOOP", "ENOTDIR");
        refused++;
      }
      undo(bind);
    }
    stop.set(true);
    swapper.join();
    assertThat(done).as("some tries met the directory").isPositive();
    assertThat(refused).as("some tries met the symlink").isPositive();
    assertThat(MountTable.below(MountTable.read(), canary.toString())).isEmpty();
  }

  private void undo(BindMount bind) {
    try {
      host.undo(bind);
    } catch (HostException e) {
      assertThat(e.errno()).isIn("ELOOP", "ENOTDIR");
    }
  }

  @Test
  void neverDeletesOutside() throws Exception {
    startSwapping();
    for (int i = 0; i < 5_000; i++) {
      for (var operation :
          new io.joblet.storage.host.HostOperation[] {
            new RemoveFile(fixture.job("swapped/file")),
            new PurgeDirectory(fixture.job("swapped/data"))
          }) {
        try {
          host.apply(operation);
        } catch (HostException e) {
          assertThat(e.errno()).isIn("ELOOP", "ENOTDIR");
        }
      }
    }
    assertThat(canary.resolve("file")).hasContent("untouched");
    assertThat(canary.resolve("data")).exists();
  }

  @Test
  void refusesASymlinkThatIsSimplyThere() throws Exception {
    Files.createSymbolicLink(fixture.real(fixture.job("out")), canary);
    Files.createSymbolicLink(fixture.real(fixture.job("last")), canary.resolve("data"));
    for (String target : new String[] {"out/data", "last"}) {
      assertThatThrownBy(
              () -> host.apply(new BindMount(fixture.volume("v"), fixture.job(target), false)))
          .isInstanceOfSatisfying(
              HostException.class, e -> assertThat(e.errno()).isIn("ELOOP", "ENOTDIR"));
    }
    assertThat(MountTable.below(MountTable.read(), canary.toString())).isEmpty();
  }

  @Test
  void refusesToGoOnAcrossAMountOnTheWay() {
    Shell.ok("mount", "--bind", canary.toString(), fixture.real(swapped).toString());
    assertThatThrownBy(() ->
            host.apply(new BindMount(fixture.volume("v"), fixture.job("swapped/data"), false)))
        .isInstanceOfSatisfying(HostException.class, e -> assertThat(e.errno()).isEqualTo("EXDEV"));
  }
}
