package io.joblet.storage.provider;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.linux.LinuxHost;
import io.joblet.storage.volume.StorageProvider;

class DirectoryProviderTest extends StorageProviderContract {
  @Override
  String choice() {
    return "directory";
  }

  @Override
  StorageProvider provider(LinuxHost host, StorageConfig config) {
    return new DirectoryProvider(host);
  }
}
