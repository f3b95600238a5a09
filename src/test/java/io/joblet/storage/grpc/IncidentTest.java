package io.joblet.storage.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IncidentTest {
  @Test
  void namesAFaultByTheCallersRequestId() {
    assertThat(Incident.of("mine").id()).isEqualTo("mine");
  }

  @Test
  void makesUpANumberWhereThereIsNoIdOrNoneFitForALog() {
    assertThat(Incident.of("").id()).hasSize(36);
    assertThat(Incident.of("two\nlines").id()).hasSize(36);
  }

  @Test
  void hidesTheHostsPathsAndKeepsOurs() {
    assertThat(
            Incident.withoutPaths(
                "make-image VOLUMES:.images/7.ext4: /usr/sbin/mkfs.ext4 -q /proc/12/fd/7 failed:"
                    + " '/dev/loop3' is 1/2 full; see /x, (/y)"))
        .isEqualTo(
            "make-image VOLUMES:.images/7.ext4: (path) -q (path) failed:"
                + " '(path)' is 1/2 full; see (path), ((path))");
  }
}
