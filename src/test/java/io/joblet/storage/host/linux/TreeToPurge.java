package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.PurgeDirectory;
import io.joblet.storage.host.ManagedPath;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A directory in which things are made that a purge has to cope with. */
abstract class TreeToPurge {
  final HostFixture fixture;
  final LinuxHost host;
  final PurgeDirectory purge;
  private final ManagedPath tree;
  Path top;

  TreeToPurge(String provider) {
    fixture = HostFixture.open(provider);
    host = fixture.host();
    tree = fixture.volume("tree");
    purge = new PurgeDirectory(tree);
  }

  @BeforeEach
  void makeTree() {
    host.apply(new MakeDirectory(tree, 0700));
    top = fixture.real(tree);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  void in(String script) {
    Shell.ok("sh", "-c", "cd '" + top + "' && " + script);
  }
}
