package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.IoLimits;
import io.joblet.storage.host.linux.FileStatus.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTextTest {
  private static final Device DISK = new Device(8, 16);

  @Test
  void findsTheOneHierarchyOfACurrentHost() {
    String table =
        """
        24 30 0:22 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
        29 24 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
        """;
    assertThat(CgroupMount.among(MountTable.parse(table)))
        .containsExactly(new CgroupMount("/sys/fs/cgroup", true, Set.of()));
  }

  @Test
  void findsTheUsefulOnesOfAHybridHostWhereverTheyAre() {
    String table =
        """
        31 23 0:28 / /cg rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /cg/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / /cg/memory rw,relatime - cgroup cgroup rw,memory
        38 31 0:35 / /cg/blkio rw,relatime - cgroup cgroup rw,blkio
        39 31 0:35 / /elsewhere rw,relatime - cgroup cgroup rw,blkio
        40 31 0:37 / /cg/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
        41 31 0:38 / /cg/unified rw,relatime - cgroup2 cgroup2 rw
        """;
    assertThat(CgroupMount.among(MountTable.parse(table)))
        .containsExactly(
            new CgroupMount("/cg/memory", false, Set.of(Controller.MEMORY)),
            new CgroupMount("/cg/blkio", false, Set.of(Controller.IO)),
            new CgroupMount("/cg/unified", true, Set.of()));
  }

  @Test
  void knowsItsControllersAmongAll() {
    assertThat(Controller.ofUnified("cpuset cpu io memory hugetlb pids rdma misc\n"))
        .containsExactlyInAnyOrder(Controller.values());
    assertThat(Controller.ofUnified("hugetlb\n")).isEmpty();
    assertThat(Controller.ofUnified("\n")).isEmpty();
  }

  @Test
  void writesAllFourNumbersOfVersion2SoThatNoFormerOneStays() {
    assertThat(IoMax.line(DISK, new IoLimits(2097152, 0, 0, 120)))
        .isEqualTo("8:16 rbps=2097152 wbps=max riops=max wiops=120");
    assertThat(IoMax.line(DISK, IoLimits.NONE))
        .isEqualTo("8:16 rbps=max wbps=max riops=max wiops=max");
  }

  @Test
  void readsTheLineOfItsDiskInVersion2() {
    String file =
        """
        8:160 rbps=4096 wbps=max riops=max wiops=max
        8:16 rbps=2097152 wbps=max riops=max wiops=120
        """;
    assertThat(IoMax.parse(file, DISK)).isEqualTo(new IoLimits(2097152, 0, 0, 120));
    assertThat(IoMax.parse(file, new Device(8, 1))).isEqualTo(IoLimits.NONE);
    assertThat(IoMax.parse("", DISK)).isEqualTo(IoLimits.NONE);
  }

  @Test
  void everyLineOfVersion2ReadsBackAsItWas() {
    IoLimits limits = new IoLimits(Long.MAX_VALUE, 4096, 4294967294L, 1);
    assertThat(IoMax.parse(IoMax.line(DISK, limits) + "\n", DISK)).isEqualTo(limits);
  }

  /** A file in place of the kernel, which shows what is written and read back. */
  @Test
  void version2IsWrittenAndReadBack(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("io.max"), "");
    IoLimits limits = new IoLimits(4096, 0, 0, 7);
    try (Cgroup cgroup = open(directory)) {
      Throttle.of(cgroup).set(cgroup, DISK, limits);
      assertThat(Throttle.of(cgroup).read(cgroup, DISK)).isEqualTo(limits);
    }
  }

  @Test
  void whatTheKernelHasAlteredIsAnError() {
    IoLimits wanted = new IoLimits(4096, 0, 0, 7);
    assertThatThrownBy(() -> Throttle.check(DISK, wanted, new IoLimits(4096, 0, 0, 6)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("8:16");
  }

  private static Cgroup open(Path directory) {
    return new Cgroup(
        Syscalls.open(directory.toString(), Syscalls.O_RDONLY | Syscalls.O_DIRECTORY), true);
  }

  @Test
  void readsTheLineOfItsDiskInVersion1() {
    String file = "8:160 5\n8:16 1048576\n";
    assertThat(BlkioThrottle.value(file, DISK)).isEqualTo(1048576);
    assertThat(BlkioThrottle.value(file, new Device(8, 1))).isZero();
    assertThat(BlkioThrottle.value("", DISK)).isZero();
  }

  @Test
  void aMarkReadsBackAsItWas() {
    IoMarks.Mark mark = new IoMarks.Mark(Set.of(DISK), new IoLimits(4096, 0, 7, 0));
    assertThat(mark.text()).isEqualTo("8:16 4096 0 7 0");
    assertThat(IoMarks.Mark.parse(mark.text())).isEqualTo(mark);
  }
}
