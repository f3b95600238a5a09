package io.joblet.storage.reconcile;

import java.util.function.Consumer;

/** One way in which rows and host can disagree. Looks only; what it finds carries its remedy. */
interface Check {
  void inspect(RowInventory rows, HostInventory host, Consumer<Finding> findings);
}
