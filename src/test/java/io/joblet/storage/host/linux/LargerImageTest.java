package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.GrowImage;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MakeImage;
import io.joblet.storage.host.HostOperation.MountImage;
import io.joblet.storage.host.HostOperation.ShrinkImage;
import io.joblet.storage.host.ManagedPath;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An image of another size than the database says, of which an older copy was put back. */
class LargerImageTest {
  private static final long SAID = 8 << 20;
  private static final long SIZE = 2 * SAID;

  private final HostFixture fixture = HostFixture.open();
  private final LinuxHost host = fixture.host();
  private final ManagedPath image = fixture.volume(".images/v.ext4");
  private final ManagedPath target = fixture.volume("v");

  @BeforeEach
  void makeAnImage() {
    host.apply(new MakeImage(image, SIZE, 100, 65534, 65534, 0755));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private GrowImage growTo(long bytes) {
    return new GrowImage(image, target, bytes, SAID);
  }

  private void isStill(long bytes) throws IOException {
    assertThat(Files.size(fixture.real(image))).isEqualTo(bytes);
    assertThat(host.mountedSpace(target).orElseThrow().sizeBytes()).isBetween(bytes / 2, bytes);
  }

  private void mount() {
    host.apply(new MakeDirectory(target, 0700));
    host.apply(new MountImage(image, target));
  }

  @Test
  void getsItsOwnSizeAlsoWhileItIsMounted() throws IOException {
    mount();
    host.apply(growTo(SIZE));
    isStill(SIZE);
  }

  /** The kernel lets what is mounted grow only with CAP_SYS_RESOURCE. */
  @Test
  void growsWhileItIsMountedOrStaysAsItIs() throws IOException {
    mount();
    try {
      host.apply(growTo(2 * SIZE));
      isStill(2 * SIZE);
    } catch (HostException refused) {
      assertThat(refused).hasMessageContaining("CAP_SYS_RESOURCE");
      host.undo(growTo(2 * SIZE));
      host.undo(growTo(2 * SIZE));
      isStill(SIZE);
    }
  }

  @Test
  void growsWhileNobodyHasIt() throws IOException {
    host.apply(growTo(2 * SIZE));
    mount();
    isStill(2 * SIZE);
  }

  @Test
  void getsNoSizeBetween() throws IOException {
    GrowImage between = growTo(SAID + SAID / 2);
    assertThatThrownBy(() -> host.apply(between))
        .isInstanceOfSatisfying(HostException.class, e -> assertThat(e.errno()).isEqualTo("EFBIG"))
        .hasMessageContaining("has " + SIZE + " bytes already");
    host.undo(between);
    assertThat(Files.size(fixture.real(image))).isEqualTo(SIZE);
  }

  /** Of an image that is smaller than said, nothing may count as having been made smaller. */
  @Test
  void oneThatIsSmallerThanSaidStaysAsItIsWhereItCannotBeMadeSmaller() throws IOException {
    long said = 2 * SIZE;
    mount();
    Files.write(fixture.real(target).resolve("full"), new byte[(int) SAID]);
    host.undo(new MountImage(image, target));
    for (long wanted : List.of(SAID / 2, SIZE + SAID)) {
      ShrinkImage shrink = new ShrinkImage(image, target, wanted, said, 0);
      assertThatThrownBy(() -> host.apply(shrink)).isInstanceOf(HostException.class);
      host.undo(shrink);
      assertThat(Files.size(fixture.real(image))).isEqualTo(SIZE);
    }
  }
}
