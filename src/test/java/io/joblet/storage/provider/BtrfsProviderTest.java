package io.joblet.storage.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.linux.LinuxHost;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.volume.StorageProvider;
import org.junit.jupiter.api.Test;

class BtrfsProviderTest extends StorageProviderContract {
  @Override
  String choice() {
    return "btrfs";
  }

  @Override
  StorageProvider provider(LinuxHost host, StorageConfig config) {
    return new BtrfsProvider(host);
  }

  @Test
  void stopsAnUnprivilegedOwnerInASubvolumeOfTheirOwnToo() {
    Shell.Result result =
        Shell.run(
            "sh",
            "-c",
            "cd '"
                + attach()
                + "' && exec setpriv --reuid=65534 --regid=65534 --clear-groups sh -c"
                + " 'btrfs subvolume create nested && dd if=/dev/zero of=nested/f bs=1M count=24"
                + " conv=fsync'");

    assertThat(result.output()).contains("Create subvolume").contains("Disk quota exceeded");
  }
}
