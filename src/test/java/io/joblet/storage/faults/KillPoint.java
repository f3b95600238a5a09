package io.joblet.storage.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a daemon is killed: between two system calls that change something.
 *
 * @param error the call that fails with EIO before, so that the daemon is taking back; or null
 * @param at the call that is not made any more
 */
record KillPoint(Scenario scenario, HostCall error, HostCall at) {

  /**
   * One point in every gap between changes, from before the first to after the last. Preferably it
   * is the change itself that is not made any more: how many looks come before it depends on what
   * else runs on the host.
   */
  static List<KillPoint> between(Scenario scenario, HostCall error, List<HostCall> calls) {
    List<HostCall> rest = error == null ? calls : after(error, calls);
    List<KillPoint> points = new ArrayList<>();
    HostCall look = null;
    for (HostCall call : rest) {
      // One system call cannot be told to fail once and to kill another time.
      boolean usable = error == null || !call.name().equals(error.name());
      if (call.changes()) {
        if (usable || look != null) {
          points.add(new KillPoint(scenario, error, usable ? call : look));
        }
        look = null;
      } else if (usable && (look == null || call.ordinal() < look.ordinal())) {
        // The rarer a call is, the surer is its number the next time.
        look = call;
      }
    }
    if (look != null) {
      points.add(new KillPoint(scenario, error, look));
    }
    return points;
  }

  private static List<HostCall> after(HostCall error, List<HostCall> calls) {
    for (int i = 0; i < calls.size(); i++) {
      HostCall call = calls.get(i);
      if (call.name().equals(error.name()) && call.ordinal() == error.ordinal()) {
        return calls.subList(i + 1, calls.size());
      }
    }
    return List.of();
  }

  List<String> injections() {
    List<String> injections = new ArrayList<>();
    if (error != null) {
      injections.add(failing(error));
    }
    injections.add(at.name() + ":signal=KILL:when=" + at.ordinal());
    return injections;
  }

  /** Instead of the kill, the daemon is stopped when the call has been made. */
  String pausing() {
    return at.name() + ":signal=STOP:when=" + at.ordinal();
  }

  static String failing(HostCall call) {
    return failing(call, "EIO");
  }

  static String failing(HostCall call, String errno) {
    return call.name() + ":error=" + errno + ":when=" + call.ordinal();
  }

  @Override
  public String toString() {
    return scenario + (error == null ? "" : ", " + error + " failing") + ", killed at " + at;
  }
}
