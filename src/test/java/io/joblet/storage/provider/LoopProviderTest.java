package io.joblet.storage.provider;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.linux.LinuxHost;
import io.joblet.storage.volume.StorageProvider;

class LoopProviderTest extends StorageProviderContract {
  @Override
  String choice() {
    return "loop";
  }

  @Override
  StorageProvider provider(LinuxHost host, StorageConfig config) {
    return new LoopProvider(host);
  }

  @Override
  boolean growsInUse() {
    return false;
  }
}
