package io.joblet.storage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smallrye.config.ConfigValidationException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever wrote a setting reads its name and the rule, and nothing of the library's. */
class RefusedSettingsTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "joblet.limits.jobs, -3, \"a whole number from 1 to 2147483647 is wanted, was '-3'\"",
        "joblet.trash.retention, 1y, \"a time from 0 to 36500d is wanted, such as 90s, 5m, 12h or"
            + " 7d, was '1y'\"",
        "joblet.pool.max-overcommit, abc, \"must be a number from 0, such as 1.5, was 'abc'\"",
        "joblet.pool.size, 5 x, \"'x' is not a unit of size; use B, KB, MB, GB, TB, PB or Ki, Mi, Gi, Ti, Pi\"",
        "joblet.memory.budget, much, \"'much' is not a size; write e.g. 512, 10KB, 1.5GB or 100Mi\"",
        "joblet.limits.jobs, \"\", \"a whole number from 1 to 2147483647 is wanted, was ''\"",
      })
  void areToldByNameAndRule(String setting, String value, String rule) {
    assertThat(told(Map.of(setting, value))).isEqualTo(setting + ": " + rule);
  }

  @Test
  void areToldWithTheRuleOfNamesAndWhatThereIsNot() {
    assertThat(told(Map.of("joblet.socket-owner", "a/b")))
        .isEqualTo("joblet.socket-owner: " + OwnerName.RULE);
    assertThat(told(Map.of("joblet.volumes-directory", "")))
        .isEqualTo("joblet.volumes-directory: defined as the empty String");
    assertThat(told(Map.of("joblet.tls.prot", "1"))).startsWith("joblet.tls.prot in ");
  }

  @Test
  void areToldALineEach() {
    assertThat(told(Map.of("joblet.limits.jobs", "0", "joblet.job.uid", "-1")).lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("joblet.limits.jobs: "))
        .anyMatch(line -> line.startsWith("joblet.job.uid: "));
  }

  private static String told(Map<String, String> settings) {
    return RefusedSettings.explain(
        catchThrowableOfType(ConfigValidationException.class, () -> Settings.of(settings)));
  }
}
