package io.joblet.storage.faults;

import io.joblet.storage.faults.Scenario.Before;
import io.joblet.storage.faults.Scenario.Call;
import io.joblet.storage.v1.RecoverRequest;
import java.util.List;

/** Of {@code rnx admin recover}, which no start goes on with: it is called again after a kill. */
class RecoverKillsIT extends KillsOf {
  private static final int SHORT_FORM = 1;
  private static final long SIZE = 4 << 20;

  RecoverKillsIT() {
    super(
        List.of(
            recovery("recover, of a new database", Before.DATABASE_LOST),
            recovery("recover, of what was set aside", Before.POOL_UNKNOWN)),
        SHORT_FORM);
  }

  private static Scenario recovery(String name, Before before) {
    Call trash =
        (client, id) -> {
          client.create(Kind.BTRFS, id + "-trash", SIZE);
          client.delete(id + "-trash", false);
        };
    Call recover =
        (client, id) ->
            client.admin().recover(RecoverRequest.newBuilder().setCarryOut(true).build());
    return new Scenario(name, Scenario.createEach().then(trash), recover, before);
  }
}
