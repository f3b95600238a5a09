package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A call that was killed and is asked again with its request id means what it meant, though its
 * words would mean something else by now.
 */
class AskedAgainIT {
  private static final long SIZE = 4 << 20;

  @TempDir Path directory;
  private Installation installation;
  private Crashes crashes;

  @BeforeEach
  void setUp() throws Exception {
    installation = new Installation(directory, Crashes.SETTINGS);
    crashes = new Crashes(installation);
  }

  @AfterEach
  void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void aDeletionDoesNotDeleteWhatHasTheNameSince() throws Exception {
    Scenario deletion = scenario("delete BTRFS");
    crashes.killAt(crashes.boundaries(deletion).getLast());
    crashes.restart();
    String name = crashes.last() + "-" + Kind.BTRFS;
    String newer = crashes.client().create(Kind.BTRFS, name, SIZE).getId();

    List<String> problems = crashes.askAgain(deletion);

    assertThat(problems).isEmpty();
    try (Rows rows = Rows.of(installation)) {
      assertThat(rows.query("select state from volume where id = '" + newer + "'"))
          .extracting(row -> row.get("state"))
          .containsExactly("AVAILABLE");
    }
  }

  @Test
  void aDeletionIsInTheAuditThoughItsCallerGotNoAnswer() throws Exception {
    crashes.killAt(crashes.boundaries(scenario("delete BTRFS")).getLast());
    crashes.restart();

    try (Rows rows = Rows.of(installation)) {
      assertThat(
              rows.query(
                  "select a.outcome, v.state, o.principal from audit a"
                      + " join volume v on v.name = a.target"
                      + " join host_operation o on o.volume_id = v.id and o.kind = 'delete'"
                      + " where a.method = 'DeleteVolume' and v.name = '"
                      + (crashes.last() + "-" + Kind.BTRFS)
                      + "'"))
          .containsExactly(Map.of("outcome", "BEGUN", "state", "TRASHED", "principal", "daemon"));
    }
  }

  private static Scenario scenario(String name) {
    return Scenario.all().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }
}
