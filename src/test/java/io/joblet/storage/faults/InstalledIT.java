package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.RunJobRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What packaging/install has put somewhere, started as the systemd unit starts it. */
class InstalledIT {
  @TempDir Path directory;
  private Installation installation;

  @BeforeEach
  void setUp() throws Exception {
    installation = new Installation(directory, Crashes.SETTINGS);
  }

  @AfterEach
  void tearDown() throws Exception {
    installation.close();
  }

  /** The JVM does not start with a cache that names a class of a sealed jar at another path. */
  @Test
  void startsFromAnotherPathThanItsCacheWasTrainedAt() throws Exception {
    Path root = directory.resolve("root");
    Shell.run("env", "DESTDIR=" + root, "packaging/install");
    Path app = root.resolve("usr/lib/joblet/quarkus-app");
    assertThat(app.resolve("app.aot")).exists();
    installation.use(app);

    assertThat(installation.start().process().isAlive()).isTrue();
  }

  /** The unit has UMask=0077, and so has many a root shell. */
  @Test
  void worksUnderANarrowUmask() throws Exception {
    Running daemon =
        installation.awaitUp(
            installation.untouched().launch(List.of("sh", "-c", "umask 077; exec \"$@\"", "sh")));
    RunJobRequest.Builder request = Client.shell("job", "id -u; cat /etc/passwd");
    request.getFilesystemBuilder().setUid(65534).setGid(65534);

    Job job = daemon.client().run(request);
    JobScenarios.ended(daemon.client(), job);

    assertThat(daemon.client().log("job")).contains("65534").contains("root:x:0:0");
  }
}
