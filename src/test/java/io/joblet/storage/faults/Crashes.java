package io.joblet.storage.faults;

import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.faults.Scenario.Before;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** Traces, kills and restarts the daemon of one installation. */
final class Crashes {
  /**
   * One host thread, so that its calls are counted; no sweep that would call in between. The settle
   * sweep calls for what failed only, and is there for mounts that a new mount namespace somewhere
   * on the host pins for a moment. What is deleted may be swept a second later, when it is asked
   * for.
   */
  static final String[] SETTINGS = {
    "-Djoblet.limits.host-threads=1",
    "-Djoblet.sweep.interval=1h",
    "-Djoblet.sweep.settle-interval=1s",
    "-Djoblet.trash.retention=1s",
  };

  /** The same, and a daemon with a new database waits for what is done about the pool. */
  static final String[] SETTINGS_TO_RECOVER =
      Stream.concat(Stream.of(SETTINGS), Stream.of("-Djoblet.recover=true")).toArray(String[]::new);

  private final Installation installation;
  private final Inspector inspector;
  private Running daemon;
  private int names;

  /** What all of the last round is named after, its request too. */
  private String last = "";

  Crashes(Installation installation) {
    this.installation = installation;
    this.inspector = new Inspector(installation);
  }

  /** Of the daemon that serves now. */
  Client client() {
    return daemon.client();
  }

  /** What all of the last round is named after. */
  String last() {
    return last;
  }

  /** Everything that the scenario calls on the host, looks included. */
  List<HostCall> calls(Scenario scenario) throws IOException, InterruptedException {
    return trace(scenario, List.of());
  }

  List<KillPoint> boundaries(Scenario scenario) throws IOException, InterruptedException {
    return KillPoint.between(scenario, null, trace(scenario, List.of()));
  }

  KillPoint inTheMiddleOf(Scenario scenario) throws IOException, InterruptedException {
    List<KillPoint> points = boundaries(scenario);
    return points.get(points.size() / 2);
  }

  /** The calls of the scenario that change something. */
  List<HostCall> changes(Scenario scenario) throws IOException, InterruptedException {
    return trace(scenario, List.of()).stream().filter(HostCall::changes).toList();
  }

  /** Those from the failure of {@code error} to the end. */
  List<KillPoint> boundariesAfter(Scenario scenario, HostCall error)
      throws IOException, InterruptedException {
    List<HostCall> calls = trace(scenario, List.of(KillPoint.failing(error)));
    if (scenario.before().lost()) {
      // Before that nothing else is served.
      List<String> problems = askAgain(scenario);
      if (!problems.isEmpty()) {
        throw new AssertionError(scenario + ", " + error + " failing, " + problems);
      }
    }
    return KillPoint.between(scenario, error, calls);
  }

  /** Returns whether it came to that. */
  boolean killAt(KillPoint point) throws IOException, InterruptedException {
    trace(point.scenario(), point.injections());
    return daemon.process().waitFor(2, TimeUnit.SECONDS) && daemon.wasKilled();
  }

  /**
   * Stops the daemon at that place, does something, and lets it go on, to the end of the operation.
   *
   * @return whether it came to that
   */
  boolean pauseAt(KillPoint point, Change meanwhile) throws IOException, InterruptedException {
    AtomicReference<Pause> pause = new AtomicReference<>();
    Scenario.Call watched =
        (client, id) -> {
          pause.set(Pause.of(daemon, meanwhile));
          point.scenario().act().make(client, id);
        };
    trace(point.scenario().acting(watched), List.of(point.pausing()));
    return pause.get().tookPlace();
  }

  /** Whether the daemon that was to be killed, or not to be, is there no more. */
  boolean ended() {
    return !daemon.process().isAlive();
  }

  /**
   * What became of an operation of which one call failed.
   *
   * @param code that it was refused with, or OK
   * @param injected whether the call came to be made
   */
  record Failed(Status.Code code, boolean injected) {}

  /** Has one call fail with that error, and nothing killed. */
  Failed failAt(Scenario scenario, HostCall call, String errno)
      throws IOException, InterruptedException {
    AtomicReference<Status.Code> code = new AtomicReference<>(Status.Code.OK);
    Scenario.Call heard =
        (client, id) -> {
          try {
            scenario.act().make(client, id);
          } catch (StatusRuntimeException e) {
            code.set(e.getStatus().getCode());
          }
        };
    List<HostCall> calls = trace(scenario.acting(heard), List.of(KillPoint.failing(call, errno)));
    return new Failed(code.get(), calls.stream().anyMatch(c -> c.line().contains("(INJECTED)")));
  }

  /** What starts said that they could not settle yet. */
  List<String> leftToSweep() throws IOException {
    return installation
        .output()
        .lines()
        .filter(line -> line.matches(".*, [1-9]\\d* to settle.*|.*cannot be settled yet.*"))
        .map(line -> line.replaceFirst(".*\"message\":\"", ""))
        .toList();
  }

  /**
   * Makes the scenario's call after something else.
   *
   * @return the code that it was refused with, or OK
   */
  Status.Code perform(Scenario scenario, Runnable before) throws IOException, InterruptedException {
    String id = arrange(scenario);
    before.run();
    try {
      scenario.act().make(daemon.client().asking(id), id);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  /** Returns what everything of this round is named after. */
  private String arrange(Scenario scenario) throws IOException, InterruptedException {
    if (daemon == null || !daemon.process().isAlive()) {
      restart();
    }
    tidy();
    if (scenario.before() == Before.REBOOT) {
      startAnew();
    }
    String id = "n" + names++;
    last = id;
    scenario.arrange().make(daemon.client(), id);
    switch (scenario.before()) {
      case DATABASE_LOST -> startWithoutDatabase();
      case POOL_UNKNOWN -> startWithoutDatabase(installation.volumes().resolve(".installation"));
      case NOTHING, REBOOT, MOUNTS_GONE -> {}
    }
    return id;
  }

  private List<HostCall> trace(Scenario scenario, List<String> injections)
      throws IOException, InterruptedException {
    String id = arrange(scenario);
    try (HostTrace trace = HostTrace.attach(daemon, installation.directory(), injections)) {
      try {
        scenario.act().make(daemon.client().asking(id), id);
      } catch (StatusRuntimeException e) {
        if (injections.isEmpty()) {
          throw e;
        }
      }
      return trace.calls();
    }
  }

  /**
   * Purges what former rounds have left, so that the long form does not fill the pool. Whatever
   * becomes of a volume or a job in between, by the settle sweep say, is looked at again.
   */
  private void tidy() {
    ListJobsRequest jobs =
        ListJobsRequest.newBuilder().setPageSize(1000).setShowEnded(true).build();
    await()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> {
          for (Job job : daemon.client().jobs().listJobs(jobs).getJobsList()) {
            daemon.client().remove(job.getId());
          }
          return daemon.client().jobs().listJobs(jobs).getJobsCount() == 0;
        });
    await()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> {
          for (Volume volume : daemon.client().allVolumes()) {
            daemon.client().delete(volume.getId(), true);
          }
          return daemon.client().allVolumes().isEmpty();
        });
  }

  /** Starts a daemon and returns where that could be killed between two changes. */
  List<HostCall> placesInAStart() throws IOException, InterruptedException {
    return StartTrace.places(startTraced());
  }

  private Path startTraced() throws IOException, InterruptedException {
    if (daemon != null) {
      daemon.close();
    }
    Path log = Files.createTempFile(installation.directory(), "start", ".log");
    installation.awaitUp(installation.launch(StartTrace.words(log))).close();
    return log;
  }

  /**
   * Starts a daemon that is killed at that call.
   *
   * @return whether it was
   */
  boolean killTheStartAt(HostCall call) throws IOException, InterruptedException {
    Running starting = installation.launch(StartTrace.killing(call));
    if (installation.comesUp(starting)) {
      starting.kill();
      return false;
    }
    return starting.wasKilled();
  }

  /** Starts a daemon and returns the calls of it that can fail by themselves. */
  List<HostCall> callsInAStart() throws IOException, InterruptedException {
    return StartTrace.calls(startTraced());
  }

  /** Returns whether it came to every one of these kills. */
  boolean killAt(KillChain chain) throws IOException, InterruptedException {
    boolean all = killAt(chain.first());
    for (HostCall place : chain.starts()) {
      all &= killTheStartAt(place);
    }
    return all;
  }

  void restart() throws IOException, InterruptedException {
    if (daemon != null) {
      daemon.close();
    }
    daemon = installation.start();
  }

  /** What is done while no daemon runs. */
  interface Change {
    void make() throws IOException, InterruptedException;
  }

  /** Starts a daemon after an orderly end of the one before and that change. */
  void startAfter(Change change) throws IOException, InterruptedException {
    daemon.process().destroy();
    daemon.process().waitFor();
    daemon.close();
    change.make();
    daemon = installation.start();
  }

  /** As after a reboot, and without what the first job of all leaves to those that follow. */
  private void startAnew() throws IOException, InterruptedException {
    daemon.close();
    Mounts.unmountAll(installation.jobs());
    Cgroups.remove(installation.volumes());
    Shell.run("rm", "-rf", installation.shim().toString());
    daemon = installation.start();
  }

  /** As from another disk. */
  private void startWithoutDatabase(Path... norThese) throws IOException, InterruptedException {
    startAfter(() -> {
      installation.loseDatabase();
      for (Path each : norThese) {
        Shell.run("rm", each.toString());
      }
    });
    // Whoever recovers looks at the plan first, and there is no thread for the host before that.
    daemon.client().admin().recover(RecoverRequest.getDefaultInstance());
  }

  /**
   * Makes the call of the last round again as who got no answer does, with the same request id; it
   * has to succeed whether it was carried out, taken back, or never begun.
   *
   * @return what is wrong with that
   */
  List<String> askAgain(Scenario scenario) {
    List<String> problems = new ArrayList<>();
    await()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          problems.clear();
          try {
            scenario.act().make(daemon.client().asking(last), last);
          } catch (StatusRuntimeException e) {
            problems.add("asked again: " + e.getMessage());
            return e.getStatus().getCode() != Status.Code.UNAVAILABLE;
          }
          return true;
        });
    return problems;
  }

  String snapshot() throws IOException, SQLException, InterruptedException {
    return inspector.snapshot();
  }

  /** What is wrong and stays so: the kernel lets go of loop devices and the like a bit later. */
  List<String> problems() throws IOException, SQLException, InterruptedException {
    try {
      await()
          .pollDelay(Duration.ZERO)
          .atMost(Duration.ofSeconds(10))
          .until(() -> inspector.problems().isEmpty());
    } catch (ConditionTimeoutException persistent) {
      return inspector.problems();
    }
    return findings().stream()
        .filter(f -> f.getSeverity() != Finding.Severity.INFO)
        .map(f -> "doctor: " + f.getKind() + " " + f.getSubject() + " " + f.getMessage())
        .toList();
  }

  /** As who tries again while connections to a database that was killed are found to be dead. */
  private List<Finding> findings() {
    return await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsMatching(e ->
            e instanceof StatusRuntimeException refused
                && refused.getStatus().getCode() == Status.Code.UNAVAILABLE)
        .until(
            () ->
                daemon
                    .client()
                    .admin()
                    .doctor(DoctorRequest.getDefaultInstance())
                    .getFindingsList(),
            any -> true);
  }
}
