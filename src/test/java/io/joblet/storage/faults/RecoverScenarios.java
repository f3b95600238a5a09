package io.joblet.storage.faults;

import io.joblet.storage.faults.Scenario.Before;
import io.joblet.storage.faults.Scenario.Call;
import io.joblet.storage.v1.RecoverRequest;
import java.util.List;

/** {@code rnx admin recover} with a new database, interrupted; no start goes on with it. */
final class RecoverScenarios {
  private static final long SIZE = 4 << 20;

  private RecoverScenarios() {}

  static List<Scenario> all() {
    return List.of(
        recovery("recover, of a new database", Before.DATABASE_LOST),
        recovery("recover, of what was set aside", Before.POOL_UNKNOWN));
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
