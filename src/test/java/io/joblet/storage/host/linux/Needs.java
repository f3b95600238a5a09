package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What a test needs of the host: in the gate a failure if it is not there, elsewhere a skip. */
public final class Needs {
  private Needs() {}

  public static void that(boolean there, String what) {
    if (System.getenv("CI") != null) {
      assertThat(there).as(what).isTrue();
    }
    assumeTrue(there, what);
  }
}
