package io.joblet.storage.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.problem.Checks;
import io.joblet.storage.problem.Problem;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PageTokensTest {
  private static final UUID LAST = new UUID(0x0192_3456_789a_7bcdL, 0x8000_0000_0000_0001L);

  @Test
  void saysWhereThePageBegins() {
    Checks checks = new Checks();
    for (PageTokens list : PageTokens.values()) {
      assertThat(list.read(checks, list.of(LAST))).contains(LAST);
      assertThat(list.readOffset(checks, list.of(7L))).isEqualTo(7);
      assertThat(list.readName(checks, list.of("alice"))).contains("alice");
      assertThat(list.read(checks, "")).isEmpty();
      assertThat(list.readOffset(checks, "")).isZero();
      assertThat(list.readName(checks, "")).isEmpty();
    }
    checks.done();
  }

  @Test
  void isOfOneListAlone() {
    for (PageTokens of : PageTokens.values()) {
      for (PageTokens by : PageTokens.values()) {
        if (of != by) {
          refused(checks -> by.read(checks, of.of(LAST)));
          refused(checks -> by.readOffset(checks, of.of(7L)));
          refused(checks -> by.readName(checks, of.of("alice")));
        }
      }
    }
  }

  @Test
  void isNothingElse() {
    for (String token :
        List.of("x", "====", "dg", "dgAA", "\u00fc", "v".repeat(100), "d g", "%00")) {
      refused(checks -> PageTokens.VOLUMES.read(checks, token));
      refused(checks -> PageTokens.USAGE.readOffset(checks, token));
    }
    refused(checks -> PageTokens.USAGE.readOffset(checks, PageTokens.USAGE.of(-1L)));
    refused(checks -> PageTokens.OWNERS.readName(checks, PageTokens.OWNERS.of("no owner")));
  }

  private interface Reading {
    void read(Checks checks);
  }

  private static void refused(Reading reading) {
    Checks checks = new Checks();
    reading.read(checks);
    assertThatThrownBy(checks::done)
        .isInstanceOf(Problem.Invalid.class)
        .hasMessageContaining("page_token");
  }
}
