package io.joblet.storage.faults;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.Volume;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;

/**
 * A client that knows what its volumes should be. A call without an answer leaves two
 * possibilities; the next look at the volume decides between them.
 */
final class ModelClient implements Runnable {
  private static final long SIZE = 1 << 20;
  private static final int VOLUMES = 3;

  /** What a volume of the client's is. */
  private enum Is {
    ABSENT,
    AVAILABLE,
    ATTACHED
  }

  /** What the client does. */
  private enum Act {
    CREATE(Is.ABSENT, Is.AVAILABLE, Status.Code.ALREADY_EXISTS),
    ATTACH(Is.AVAILABLE, Is.ATTACHED, Status.Code.NOT_FOUND),
    DETACH(Is.ATTACHED, Is.AVAILABLE, Status.Code.NOT_FOUND),
    PURGE(Is.AVAILABLE, Is.ABSENT, Status.Code.NOT_FOUND);

    private final Is from;
    private final Is to;
    private final Status.Code otherwise;

    Act(Is from, Is to, Status.Code otherwise) {
      this.from = from;
      this.to = to;
      this.otherwise = otherwise;
    }

    /**
     * An attachment is taken away along with its volume, and one that is there is there already.
     */
    boolean works(Is now) {
      return now == from || (now == Is.ATTACHED && (this == PURGE || this == ATTACH));
    }
  }

  private final DaemonInTurns daemon;
  private final Lock step;
  private final Random random;
  private final Map<String, Set<Is>> possible = new LinkedHashMap<>();
  private final List<String> violations = new CopyOnWriteArrayList<>();

  /** A purge is two steps too, by way of the trash; what is there is purged by its id alone. */
  private final Set<String> perhapsInTrash = new HashSet<>();

  private final AtomicLong answered = new AtomicLong();
  private volatile boolean stopping;

  /**
   * @param step held during each step: whoever holds what excludes it finds the client at rest
   */
  ModelClient(DaemonInTurns daemon, Lock step, String name, Random random) {
    this.daemon = daemon;
    this.step = step;
    this.random = random;
    for (int i = 0; i < VOLUMES; i++) {
      possible.put(name + "-" + i, EnumSet.of(Is.ABSENT));
    }
  }

  @Override
  public void run() {
    List<String> volumes = List.copyOf(possible.keySet());
    while (!stopping && violations.isEmpty()) {
      step.lock();
      try {
        step(volumes.get(random.nextInt(volumes.size())));
      } finally {
        step.unlock();
      }
    }
  }

  private void step(String volume) {
    if (possible.get(volume).size() > 1) {
      look(volume);
    } else {
      act(volume, Act.values()[random.nextInt(Act.values().length)]);
    }
  }

  void stop() {
    stopping = true;
  }

  long answered() {
    return answered.get();
  }

  List<String> violations() {
    return violations;
  }

  /** When all is quiet: looks at everything. */
  List<String> compare() {
    possible.keySet().forEach(this::look);
    return violations;
  }

  private void act(String volume, Act act) {
    Is before = possible.get(volume).iterator().next();
    Is after = act.works(before) ? act.to : before;
    try {
      call(volume, act);
      answered.incrementAndGet();
      if (!act.works(before)) {
        violations.add(volume + " was " + before + ", and " + act + " was not refused");
      }
      possible.put(volume, EnumSet.of(after));
    } catch (StatusRuntimeException e) {
      Status.Code code = e.getStatus().getCode();
      if (!act.works(before) && (code == act.otherwise || isInTrash(volume, act, code))) {
        answered.incrementAndGet();
      } else if (code == Status.Code.UNAVAILABLE || code == Status.Code.CANCELLED) {
        possible.put(volume, between(before, after));
        if (act == Act.PURGE) {
          perhapsInTrash.add(volume);
        }
      } else if (code != Status.Code.ABORTED) {
        violations.add(volume + " was " + before + ", and " + act + " was refused with " + e);
      }
    }
  }

  private boolean isInTrash(String volume, Act act, Status.Code code) {
    return act == Act.PURGE
        && code == Status.Code.FAILED_PRECONDITION
        && perhapsInTrash.contains(volume);
  }

  /** Deleting by force is two operations, and the first can be done when the second is not. */
  private static Set<Is> between(Is before, Is after) {
    return before == Is.ATTACHED && after == Is.ABSENT
        ? EnumSet.allOf(Is.class)
        : EnumSet.of(before, after);
  }

  private void call(String volume, Act act) {
    Client client = daemon.client();
    switch (act) {
      case CREATE -> client.create(kind(volume), volume, SIZE);
      case ATTACH -> client.attach(volume, volume);
      case DETACH ->
          client
              .volumes()
              .detachVolume(
                  DetachVolumeRequest.newBuilder().setVolume(volume).setJobId(volume).build());
      case PURGE -> client.delete(volume, true);
    }
  }

  private static Kind kind(String volume) {
    return volume.endsWith("0") ? Kind.MEMORY : Kind.BTRFS;
  }

  /** What is in between says nothing yet. */
  private void look(String volume) {
    try {
      Volume seen =
          daemon
              .client()
              .volumes()
              .getVolume(GetVolumeRequest.newBuilder().setVolume(volume).build())
              .getVolume();
      switch (seen.getStatus()) {
        case "available" -> seen(volume, Is.AVAILABLE);
        case "in_use" -> seen(volume, Is.ATTACHED);
        default -> {}
      }
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        seen(volume, Is.ABSENT);
      }
    }
  }

  private void seen(String volume, Is state) {
    if (!possible.get(volume).contains(state)) {
      violations.add(volume + " is " + state + ", and could be " + possible.get(volume));
    }
    possible.put(volume, EnumSet.of(state));
  }
}
