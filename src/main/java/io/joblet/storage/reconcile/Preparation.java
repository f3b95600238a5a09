package io.joblet.storage.reconcile;

import io.joblet.storage.host.HostPlan;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Operations.Subject;
import io.joblet.storage.journal.Repairs;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.Adoption;
import io.joblet.storage.volume.VolumeLocks;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * What only the host can give a volume before it has a row: a quota group where that is lost, a
 * place where a record that cannot be used is kept. Killed after it, the next plan finds it done.
 */
@ApplicationScoped
class Preparation {
  private static final Logger LOG = Logger.getLogger(Preparation.class);

  private final Adoption adoption;
  private final VolumeLocks locks;
  private final Repairs repairs;

  Preparation(Adoption adoption, VolumeLocks locks, Repairs repairs) {
    this.adoption = adoption;
    this.locks = locks;
    this.repairs = repairs;
  }

  /** Prepares each by itself; returns why some could not be, by id. */
  Map<UUID, String> make(List<Recoverable> adopted) {
    adoption.giveGroups(
        adopted.stream().filter(Recoverable::groupless).map(r -> r.record().volume()).toList());
    Map<UUID, String> failed = new HashMap<>();
    for (Recoverable item : adopted) {
      HostPlan first = item.preparation();
      if (first.isEmpty()) {
        continue;
      }
      try (Held held = locks.lock(item.id())) {
        repairs.apply("prepare-adoption", first, Subject.unknown(item.id()));
      } catch (Problem e) {
        LOG.warnf("cannot bring back %s: %s", item.place(), e.getMessage());
        failed.put(item.id(), e.getMessage());
      }
    }
    return failed;
  }

  /** Since there will be no rows. What the host refuses is logged and stays. */
  void takeBack(List<Recoverable> prepared) {
    for (Recoverable item : prepared) {
      HostPlan first = item.preparation();
      if (first.isEmpty()) {
        continue;
      }
      try (Held held = locks.lock(item.id())) {
        repairs.undo("prepare-adoption", first, Subject.unknown(item.id()));
      } catch (Problem e) {
        LOG.warnf("cannot take back what was prepared for %s: %s", item.place(), e.getMessage());
      }
    }
  }
}
