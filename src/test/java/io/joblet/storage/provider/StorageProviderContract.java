package io.joblet.storage.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.HostTransaction;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.linux.HostFixture;
import io.joblet.storage.host.linux.LinuxHost;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.volume.Enforcement;
import io.joblet.storage.volume.StorageProvider;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeType;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What every backend promises, on a real kernel. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class StorageProviderContract {
  static final long MIB = 1L << 20;
  static final long SIZE = 16 * MIB;
  private static final long NOBODY = 65534;

  private HostFixture fixture;
  private long nextGroup = 300;
  LinuxHost host;
  StorageProvider provider;
  Volume volume;

  /** The configured choice that makes a host this backend works on. */
  abstract String choice();

  abstract StorageProvider provider(LinuxHost host, StorageConfig config);

  /** An image in use cannot grow without CAP_SYS_RESOURCE, which containers lack. */
  boolean growsInUse() {
    return true;
  }

  @BeforeAll
  void open() {
    fixture = HostFixture.open(choice());
    host = fixture.host();
    provider =
        provider(
            host,
            new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(StorageConfig.class)
                .build()
                .getConfigMapping(StorageConfig.class));
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  @BeforeEach
  void make() {
    volume = volume(0);
    apply(provider.create(volume));
  }

  @AfterEach
  void leavesNothing() {
    Set<String> mounted = host.list(ManagedRoot.JOBS, "");
    mounted.forEach(job -> undo(show(UUID.fromString(job))));
    undo(provider.stage(volume));
    apply(provider.purge(volume));
    apply(provider.purge(volume));
    assertThat(host.list(ManagedRoot.VOLUMES, "")).allMatch(name -> name.startsWith("."));
    assertThat(host.list(ManagedRoot.VOLUMES, Layout.IMAGES)).isEmpty();
    assertThat(host.list(ManagedRoot.VOLUMES, Layout.TRASH)).isEmpty();
    assertThat(host.qgroups()).noneMatch(group -> group.id() >= 300);
    assertThat(host.mounts())
        .allMatch(mount ->
            fixture.settings().volumesDirectory().toString().equals(mount.target())
                || fixture.settings().jobsDirectory().toString().equals(mount.target()));
  }

  @Test
  void worksHere() {
    assertThat(provider.unavailable()).isEmpty();
    assertThat(provider.present(volume)).isTrue();
  }

  @Test
  void stopsAWriteBeyondTheLimitOrSaysThatNothingDoes() {
    Shell.Result result = fill(attach(), 24);

    if (provider.name().enforcement() == Enforcement.UNENFORCED) {
      assertThat(result.exit()).isZero();
    } else {
      assertThat(result.output()).containsAnyOf("Disk quota exceeded", "No space left on device");
    }
  }

  @Test
  void stopsAnUnprivilegedOwnerJustAsMuch() {
    Shell.Result result =
        Shell.run(
            "sh",
            "-c",
            "cd '"
                + attach()
                + "' && exec setpriv --reuid=65534 --regid=65534 --clear-groups"
                + " dd if=/dev/zero of=file bs=1M count=24 conv=fsync");

    if (provider.name().enforcement() == Enforcement.UNENFORCED) {
      assertThat(result.exit()).isZero();
    } else {
      assertThat(result.output()).containsAnyOf("Disk quota exceeded", "No space left on device");
    }
  }

  @Test
  void givesTheTopDirectoryToItsOwner() {
    assertThat(Shell.ok("stat", "-c", "%u:%g:%a", attach().toString()))
        .isEqualTo("65534:65534:750");
  }

  @Test
  void isMadeAgainAfterItWasTakenBack() {
    undo(provider.create(volume));
    undo(provider.create(volume));
    assertThat(host.list(ManagedRoot.VOLUMES, "")).doesNotContain(volume.id.toString());

    apply(provider.create(volume));

    assertThat(attach()).isEmptyDirectory();
  }

  @Test
  void keepsDataWhenStandingAndStagePlansAreRepeated() throws IOException {
    Path path = attach();
    Files.writeString(path.resolve("file"), "kept");
    int mounts = host.mounts().size();

    apply(provider.standing(volume));
    apply(provider.stage(volume));
    apply(show(volume.id));

    assertThat(host.mounts()).hasSize(mounts);
    assertThat(path.resolve("file")).hasContent("kept");
  }

  @Test
  void growsAndTheNewRoomCanBeUsed() {
    Path path = attach();
    if (!growsInUse()) {
      detach();
    }
    volume.wantedSizeBytes = 4 * SIZE;
    apply(provider.resize(volume));
    apply(provider.resize(volume));
    volume.sizeBytes = volume.wantedSizeBytes;
    if (!growsInUse()) {
      path = attach();
    }

    assertThat(fill(path, 40).exit()).isZero();
  }

  @Test
  void shrinksAndTheLimitHolds() {
    Path path = attach();
    if (!provider.shrinksInUse()) {
      detach();
    }
    volume.wantedSizeBytes = 4 * MIB;
    apply(provider.resize(volume));
    apply(provider.resize(volume));
    if (!provider.shrinksInUse()) {
      path = attach();
    }

    boolean held = fill(path, 8).exit() != 0;

    assertThat(held).isEqualTo(provider.name().enforcement() != Enforcement.UNENFORCED);
    volume.sizeBytes = volume.wantedSizeBytes;
  }

  @Test
  void keepsDataInTheTrashAndBack() throws IOException {
    if (volume.type == VolumeType.MEMORY) {
      assertThat(provider.trash(volume).isEmpty()).isTrue();
      return;
    }
    Files.writeString(attach().resolve("file"), "kept");
    detach();

    apply(provider.trash(volume));
    apply(provider.trash(volume));
    assertThat(provider.present(volume)).isFalse();
    assertThat(host.list(ManagedRoot.VOLUMES, Layout.TRASH)).containsExactly(volume.id.toString());
    undo(provider.trash(volume));
    undo(provider.trash(volume));

    assertThat(provider.present(volume)).isTrue();
    assertThat(attach().resolve("file")).hasContent("kept");
  }

  @Test
  void isDeletedWhenFull() {
    fill(attach(), 24);
    detach();

    apply(provider.trash(volume));
    apply(provider.purge(volume));

    assertThat(host.exists(Layout.trash(volume.id))).isFalse();
  }

  @Test
  void saysWhatIsUsedIfAnythingCounts() {
    Path path = attach();
    fill(path, 5);
    apply(HostPlan.of(new HostOperation.Sync(ManagedRoot.VOLUMES)));

    if (provider.name().enforcement() == Enforcement.UNENFORCED) {
      assertThat(provider.usedBytes(volume)).isEmpty();
    } else {
      assertThat(provider.usedBytes(volume).orElseThrow()).isBetween(5 * MIB, 8 * MIB);
    }
  }

  @Test
  void limitsInodesIfItSaysSo() {
    if (!provider.limitsInodes()) {
      assertThat(provider.create(volume(50))).isNotNull();
      return;
    }
    apply(provider.purge(volume));
    volume = volume(50);
    apply(provider.create(volume));
    Path path = attach();

    Shell.Result result =
        Shell.run(
            "sh", "-c", "cd '" + path + "' && for i in $(seq 200); do : > f$i || exit 1; done");

    assertThat(result.exit()).isNotZero();
    assertThat(path.toFile().list()).hasSizeBetween(49, 66);
  }

  Path attach() {
    apply(provider.stage(volume));
    apply(show(volume.id));
    return fixture.real(ManagedPath.of(ManagedRoot.JOBS, volume.id.toString()));
  }

  void detach() {
    undo(show(volume.id));
    undo(provider.stage(volume));
  }

  static Shell.Result fill(Path directory, int mebibytes) {
    return Shell.run(
        "dd",
        "if=/dev/zero",
        "of=" + directory + "/fill",
        "bs=1M",
        "count=" + mebibytes,
        "conv=fsync");
  }

  void apply(HostPlan plan) {
    new HostTransaction(host).apply(plan);
  }

  void undo(HostPlan plan) {
    new HostTransaction(host).undo(plan);
  }

  private static HostPlan show(UUID id) {
    ManagedPath place = ManagedPath.of(ManagedRoot.JOBS, id.toString());
    return HostPlan.of(
        new MakeDirectory(place, 0755), new BindMount(Layout.volume(id), place, false));
  }

  private Volume volume(long inodeLimit) {
    Volume row = new Volume();
    row.id = UUID.randomUUID();
    row.provider = provider.name();
    row.enforcement = provider.name().enforcement();
    row.type =
        provider.name() == io.joblet.storage.volume.ProviderName.MEMORY
            ? VolumeType.MEMORY
            : VolumeType.FILESYSTEM;
    row.sizeBytes = SIZE;
    row.inodeLimit = inodeLimit;
    row.qgroup = nextGroup++;
    row.uid = NOBODY;
    row.gid = NOBODY;
    row.mode = 0750;
    return row;
  }
}
