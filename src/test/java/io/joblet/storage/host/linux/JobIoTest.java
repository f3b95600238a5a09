package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.LimitJobIo;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MakeImage;
import io.joblet.storage.host.HostOperation.MakeQgroup;
import io.joblet.storage.host.HostOperation.MakeSubvolume;
import io.joblet.storage.host.HostOperation.MountImage;
import io.joblet.storage.host.HostOperation.MountTmpfs;
import io.joblet.storage.host.HostOperation.SetOwnership;
import io.joblet.storage.host.HostOperation.Sync;
import io.joblet.storage.host.IoLimits;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.linux.FileStatus.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobIoTest {
  private static final long MIB = 1 << 20;
  private static final String READ_BPS = "blkio.throttle.read_bps_device";
  private static final String WRITE_BPS = "blkio.throttle.write_bps_device";
  private static final String WRITE_IOPS = "blkio.throttle.write_iops_device";

  /** Writes for ever, each block straight to the disk. */
  private static final String WRITER =
      "echo up; while :; do dd if=/dev/zero of=/volumes/v/$0 bs=64k count=64 oflag=direct "
          + "conv=notrunc 2>/dev/null || exit 1; done";

  private final HostFixture fixture = HostFixture.open();
  private final LinuxHost host = fixture.host();
  private final TestCgroups cgroups = new TestCgroups(fixture.settings());
  private final List<TestJob> jobs = new ArrayList<>();
  private final ManagedPath one = subvolume("one", 11);
  private final ManagedPath two = subvolume("two", 12);

  private TestJob job;

  @BeforeEach
  void makeJob() {
    // With version 2 the text is tested in CgroupTextTest, and what writes it is the same.
    Needs.that(
        MountTable.read().stream().anyMatch(m -> m.superOptions().contains("blkio")),
        "the I/O of jobs can be limited by cgroup v1 here");
    job = job("j");
  }

  @AfterEach
  void close() {
    jobs.forEach(j -> j.lift(one));
    jobs.forEach(TestJob::close);
    jobs.forEach(j -> fixture.host().undo(j.cgroup(0)));
    assertThat(cgroups.homes()).isEmpty();
    fixture.close();
  }

  private TestJob job(String name) {
    TestJob made = new TestJob(fixture, name);
    host.apply(made.cgroup(0));
    jobs.add(made);
    return made;
  }

  private ManagedPath subvolume(String name, long qgroup) {
    ManagedPath path = fixture.volume(name);
    host.apply(new MakeQgroup(qgroup, 128 * MIB));
    host.apply(new MakeSubvolume(path, qgroup));
    host.apply(new SetOwnership(path, 65534, 65534, 0700));
    return path;
  }

  private MountImage image(String name) {
    ManagedPath file = fixture.volume(".images/" + name);
    ManagedPath target = fixture.volume(name);
    host.apply(new MakeImage(file, 16 * MIB, 0, 65534, 65534, 0700));
    host.apply(new MakeDirectory(target, 0700));
    MountImage mount = new MountImage(file, target);
    host.apply(mount);
    return mount;
  }

  private static IoLimits bytes(long perSecond) {
    return new IoLimits(perSecond, perSecond, 0, 0);
  }

  private String rule(String file) {
    return cgroups.read(job.id(), file);
  }

  /** The pool's loop device, looked up without the code under test. */
  private String poolDisk() {
    return diskOf(fixture.settings().volumesDirectory());
  }

  private static String diskOf(Path mounted) {
    String device = Shell.ok("findmnt", "-no", "SOURCE", "--nofsroot", "-T", mounted.toString());
    return Shell.ok("lsblk", "-dno", "MAJ:MIN", device.strip()).strip();
  }

  /** Bytes that the job has asked the disk to write; the kernel counts before it holds up. */
  private long written(TestJob by, String disk) {
    return cgroups
        .read(by.id(), "blkio.throttle.io_service_bytes")
        .lines()
        .filter(line -> line.startsWith(disk + " Write "))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void theRuleNamesTheDiskUnderThePoolAndReadsBack() {
    LimitJobIo step = job.limit(one, new IoLimits(4 * MIB, 2 * MIB, 0, 50));
    host.apply(step);
    host.apply(step);
    assertThat(rule(READ_BPS)).isEqualTo(poolDisk() + " 4194304\n");
    assertThat(rule(WRITE_BPS)).isEqualTo(poolDisk() + " 2097152\n");
    assertThat(rule(WRITE_IOPS)).isEqualTo(poolDisk() + " 50\n");
    assertThat(rule("blkio.throttle.read_iops_device")).isEmpty();
    host.undo(step);
    host.undo(step);
    assertThat(rule(READ_BPS)).isEmpty();
    assertThat(rule(WRITE_BPS)).isEmpty();
    assertThat(rule(WRITE_IOPS)).isEmpty();
  }

  @Test
  void otherLimitsReplaceTheFormerOnesAndNoneTakesThemAway() {
    host.apply(job.limit(one, bytes(4 * MIB)));
    host.apply(job.limit(one, new IoLimits(0, 8 * MIB, 0, 0)));
    assertThat(rule(READ_BPS)).isEmpty();
    assertThat(rule(WRITE_BPS)).isEqualTo(poolDisk() + " 8388608\n");
    host.apply(job.limit(one, IoLimits.NONE));
    assertThat(rule(WRITE_BPS)).isEmpty();
  }

  @Test
  void ofTwoVolumesOnOneDiskTheStricterHoldsAndStaysUntilBothAreGone() {
    host.apply(job.limit(one, bytes(MIB)));
    host.apply(job.limit(two, bytes(4 * MIB)));
    assertThat(rule(WRITE_BPS)).isEqualTo(poolDisk() + " 1048576\n");
    host.undo(job.limit(one, bytes(MIB)));
    assertThat(rule(WRITE_BPS)).isEqualTo(poolDisk() + " 4194304\n");
    host.undo(job.limit(two, bytes(4 * MIB)));
    assertThat(rule(WRITE_BPS)).isEmpty();
  }

  @Test
  void aVolumeThatIsAttachedTwiceIsLimitedUntilBothAreGone() {
    host.apply(job.limit("first", one, bytes(MIB)));
    host.apply(job.limit("second", one, bytes(MIB)));
    host.undo(job.limit("second", one, bytes(MIB)));
    assertThat(rule(WRITE_BPS)).isEqualTo(poolDisk() + " 1048576\n");
    host.undo(job.limit("first", one, bytes(MIB)));
    assertThat(rule(WRITE_BPS)).isEmpty();
  }

  @Test
  void theNextDaemonKnowsWhichVolumesShareTheDisk() {
    host.apply(job.limit(one, bytes(MIB)));
    host.apply(job.limit(two, bytes(MIB)));
    LinuxHost next = fixture.reopen();
    next.undo(job.limit(one, bytes(MIB)));
    assertThat(rule(WRITE_BPS)).isEqualTo(poolDisk() + " 1048576\n");
    next.undo(job.limit(two, bytes(MIB)));
    assertThat(rule(WRITE_BPS)).isEmpty();
  }

  @Test
  void twoJobsOnOneDiskHaveTheirOwn() {
    TestJob other = job("other");
    host.apply(job.limit(one, bytes(MIB)));
    host.apply(other.limit(one, bytes(2 * MIB)));
    host.undo(other.limit(one, bytes(2 * MIB)));
    assertThat(rule(WRITE_BPS)).isEqualTo(poolDisk() + " 1048576\n");
  }

  @Test
  void anImageIsADiskOfItsOwn() {
    MountImage mount = image("image");
    LimitJobIo step = job.limit(mount.target(), bytes(MIB));
    host.apply(step);
    String disk = diskOf(fixture.real(mount.target()));
    assertThat(disk).isNotEqualTo(poolDisk());
    assertThat(rule(WRITE_BPS)).isEqualTo(disk + " 1048576\n");
    host.undo(step);
    host.undo(mount);
    assertThat(rule(WRITE_BPS)).isEmpty();
  }

  /** A plan that was killed between the two, or has them in the wrong order. */
  @Test
  void aRuleIsLiftedAfterTheUnmountToo() {
    MountImage mount = image("image");
    LimitJobIo step = job.limit(mount.target(), bytes(MIB));
    host.apply(step);
    host.undo(mount);
    assertThat(rule(WRITE_BPS)).as("the kernel keeps it").isNotEmpty();
    host.undo(step);
    assertThat(rule(WRITE_BPS)).isEmpty();
  }

  @Test
  void aVolumeThatIsMountedOnAnotherDiskTakesItsRuleAlong() {
    MountImage first = image("first");
    final MountImage second = image("second");
    LimitJobIo step = job.limit(first.target(), bytes(MIB));
    host.apply(step);
    host.undo(first);
    host.undo(second);
    // The free device that comes first is the one that the first image had.
    host.apply(second);
    host.apply(first);
    host.apply(step);
    assertThat(rule(WRITE_BPS)).isEqualTo(diskOf(fixture.real(first.target())) + " 1048576\n");
    host.undo(step);
    assertThat(rule(WRITE_BPS)).isEmpty();
  }

  @Test
  void theCgroupTakesItsRulesAlongWhenItGoes() {
    host.apply(job.limit(one, bytes(MIB)));
    host.undo(job.cgroup(0));
    host.undo(job.limit(one, bytes(MIB)));
    host.apply(job.limit(one, IoLimits.NONE));
    host.apply(job.cgroup(0));
    assertThat(rule(WRITE_BPS)).isEmpty();
  }

  @Test
  void withoutACgroupALimitIsRefusedAndNotDropped() {
    host.undo(job.cgroup(0));
    assertThatThrownBy(() -> host.apply(job.limit(one, bytes(MIB))))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("the job has no cgroup");
  }

  @Test
  void whatCannotBeEnforcedIsSaid() {
    ManagedPath memory = fixture.volume("memory");
    host.apply(new MakeDirectory(memory, 0700));
    host.apply(new MountTmpfs(memory, MIB, 100, 0, 0, 0700));
    assertThat(host.unenforced(memory, bytes(MIB)))
        .containsExactly("reading and writing are not limited: a volume in memory has no disk");
    host.apply(job.limit(memory, bytes(MIB)));
    assertThat(rule(WRITE_BPS)).isEmpty();
    assertThat(host.unenforced(one, bytes(MIB)))
        .singleElement()
        .asString()
        .contains("writing through the page cache is not slowed");
    assertThat(host.unenforced(one, new IoLimits(MIB, 0, 9, 0))).isEmpty();
    assertThat(host.unenforced(memory, IoLimits.NONE)).isEmpty();
  }

  @Test
  void aDirectoryOfTheHostLiesOnAWholeDisk() {
    try (Descriptor directory =
        Syscalls.open(fixture.directory().toString(), Syscalls.O_RDONLY | Syscalls.O_DIRECTORY)) {
      Set<Device> disks = Disks.under(directory).devices();
      assertThat(disks).hasSize(1);
      assertThat(Path.of("/sys/dev/block/" + disks.iterator().next() + "/partition"))
          .doesNotExist();
    }
  }

  @Test
  void whatIsOnNoDiskSaysSo() {
    try (Descriptor proc = Syscalls.open("/proc", Syscalls.O_RDONLY | Syscalls.O_DIRECTORY)) {
      assertThat(Disks.under(proc).devices()).isEmpty();
      assertThat(Disks.under(proc).reason()).contains("no disk has the device number 0:", "0x9fa0");
    }
  }

  /** Measured against each other, so that a slow machine slows both. */
  @Test
  void directWritesAreHeldInTheRatioOfTheirLimits() {
    TestJob faster = job("faster");
    job.attach(one, "v");
    faster.attach(one, "v");
    host.apply(job.limit(one, bytes(MIB)));
    host.apply(faster.limit(one, bytes(4 * MIB)));
    job.start(WRITER.replace("$0", "slow"));
    faster.start(WRITER.replace("$0", "fast"));
    String disk = poolDisk();
    Eventually.isTrue("both write", () -> written(job, disk) > 0 && written(faster, disk) > 0);
    long slowBefore = written(job, disk);
    long fastBefore = written(faster, disk);
    Eventually.isTrue("enough is written", () -> written(faster, disk) - fastBefore > 8 * MIB);
    double ratio =
        (double) (written(job, disk) - slowBefore) / (written(faster, disk) - fastBefore);
    assertThat(ratio).isBetween(0.15, 0.4);
  }

  @Test
  void withoutALimitTheSameWriterIsFarAhead() {
    TestJob free = job("free");
    job.attach(one, "v");
    free.attach(one, "v");
    host.apply(job.limit(one, bytes(MIB)));
    job.start(WRITER.replace("$0", "slow"));
    free.start(WRITER.replace("$0", "fast"));
    String disk = poolDisk();
    Eventually.isTrue("the free one writes", () -> written(free, disk) > 64 * MIB);
    assertThat(written(job, disk)).isLessThan(written(free, disk) / 4);
    // Requests that wait go on at once, so that the end of the job does not wait for them.
    long before = written(job, disk);
    host.undo(job.limit(one, bytes(MIB)));
    Eventually.isTrue("the other is free, too", () -> written(job, disk) - before > 32 * MIB);
  }

  /** With syncfs(2) it would wait for all that the job has handed to the kernel. */
  @Test
  void aStepThatSyncsDoesNotWaitForAJobThatIsHeldUp() {
    job.attach(one, "v");
    host.apply(job.limit(one, bytes(64 * 1024)));
    job.start("dd if=/dev/zero of=/volumes/v/f bs=1M count=64 conv=fsync");
    Eventually.isTrue("it waits for the disk", () -> written(job, poolDisk()) > 0);
    host.apply(new MakeSubvolume(fixture.volume("three"), 11));
    Thread sync = Thread.ofPlatform().start(() -> host.apply(new Sync(ManagedRoot.VOLUMES)));
    Eventually.isTrue("the step is done", () -> !sync.isAlive());
    assertThat(host.jobs().ending(job.id())).as("it would need a quarter of an hour").isEmpty();
  }

  @Test
  void directReadsOfAnImageAreHeld() {
    MountImage mount = image("image");
    TestJob free = job("free");
    job.attach(mount.target(), "v");
    free.attach(mount.target(), "v");
    host.apply(job.limit(mount.target(), bytes(MIB)));
    String reader =
        "dd if=/dev/zero of=/volumes/v/$0 bs=64k count=64 oflag=direct 2>/dev/null; "
            + "while :; do dd if=/volumes/v/$0 of=/dev/null bs=64k iflag=direct 2>/dev/null; "
            + "echo -n .; done";
    free.start(reader.replace("$0", "free"));
    Eventually.isTrue("the free one reads", () -> free.output().contains("."));
    job.start(reader.replace("$0", "slow"));
    Eventually.isTrue("the free one reads on", () -> free.output().length() > 200);
    assertThat(job.output()).hasSizeLessThan(20);
    free.close();
    job.lift(mount.target());
    job.close();
  }
}
