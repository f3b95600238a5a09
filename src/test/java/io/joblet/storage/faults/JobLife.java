package io.joblet.storage.faults;

import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.RunJobRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.awaitility.core.ConditionTimeoutException;

/** The life of a job whose command tells what holds it, and what is said of it. */
enum JobLife {
  ENDS("a job that ends", JobFacts.TELL + "echo said; exit 7", 65534),
  IS_STOPPED(
      "a job that is stopped",
      "trap 'echo said; exit 7' TERM\n" + JobFacts.TELL + "while :; do sleep 0.02; done",
      0);

  private static final Set<Status.Code> NO_ANSWERS =
      Set.of(Status.Code.UNKNOWN, Status.Code.DEADLINE_EXCEEDED);

  private static final String JOB = "held";
  private static final int CODE = 7;
  private static final String SAID = "said\n";

  private final String name;
  private final String script;
  private final int uid;

  JobLife(String name, String script, int uid) {
    this.name = name;
    this.script = script;
    this.uid = uid;
  }

  /**
   * What became of it.
   *
   * @param told how it ended, or why it never began
   * @param facts what its command has written down, if it was executed
   * @param wrong what is not as it should be, so far
   */
  record Outcome(String told, Optional<JobFacts> facts, List<String> wrong) {}

  /**
   * Lives it, and asks again with the same request id where it was refused, as who may not run
   * anything twice; afterwards nothing of it is there.
   *
   * @param before what is done before it is asked again
   */
  Outcome live(Crashes crashes, Path volumes, Crashes.Change before) throws Exception {
    Client client = crashes.client();
    Client asking = client.asking(UUID.randomUUID().toString());
    List<String> wrong = new ArrayList<>();
    String told;
    Optional<Job> job;
    try {
      job = Optional.of(asking.run(request()));
      told = "";
    } catch (StatusRuntimeException refused) {
      // One that could not be taken away at once has failed, and goes on being taken away.
      job = keptForGood(client).filter(kept -> !kept.getStatus().equals("failed"));
      told = refused.getMessage();
      if (NO_ANSWERS.contains(refused.getStatus().getCode())) {
        wrong.add("the answer says nothing");
      }
    }
    boolean asked = !told.isEmpty();
    Optional<JobFacts> facts;
    if (job.isPresent()) {
      Job end = end(client, volumes, wrong);
      facts = JobFacts.take(volumes);
      told += end.getStatus() + ": " + end.getReason();
      wrong.addAll(lies(client, end));
      if (end.getStatus().equals("exited") && facts.isEmpty()) {
        wrong.add("it has exited and did not run");
      }
    } else {
      facts = JobFacts.take(volumes);
      facts.ifPresent(any -> wrong.add("it has run, and its caller was told that it did not"));
    }
    if (asked) {
      before.make();
      wrong.addAll(againstAskingAgain(client, asking, volumes, job));
    }
    if (kept(client).isPresent()) {
      client.remove(JOB);
    }
    wrong.addAll(crashes.problems());
    return new Outcome(told, facts, wrong);
  }

  /** What is left of one that was refused, once it has ended. */
  private static Optional<Job> keptForGood(Client client) {
    await()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(30))
        .until(() -> kept(client).stream().allMatch(Job::hasEndedAt));
    return kept(client);
  }

  private RunJobRequest.Builder request() {
    RunJobRequest.Builder request = Client.shell(JOB, script, JobFacts.VOLUME);
    request.getFilesystemBuilder().setUid(uid).setGid(uid);
    return request;
  }

  private static Optional<Job> kept(Client client) {
    try {
      return Optional.of(client.job(JOB));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Job end(Client client, Path volumes, List<String> wrong) {
    try {
      if (this == IS_STOPPED) {
        await()
            .atMost(Duration.ofSeconds(30))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> client.job(JOB).hasEndedAt() || JobFacts.told(volumes));
        stop(client);
      }
      JobScenarios.ended(client, client.job(JOB));
    } catch (ConditionTimeoutException e) {
      wrong.add("it does not end");
    }
    return client.job(JOB);
  }

  /** A mount of its volume that somebody on the host has copied is busy until the next sweep. */
  private static void stop(Client client) {
    try {
      client.stop(JOB, Duration.ofSeconds(1));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION) {
        throw e;
      }
    }
  }

  /** What is said of its end and cannot be. */
  private static List<String> lies(Client client, Job end) {
    String output;
    try {
      output = client.log(JOB);
    } catch (StatusRuntimeException e) {
      return List.of("of its output it is said: " + e.getMessage());
    }
    boolean lossTold = end.getWarningsList().stream().anyMatch(w -> w.contains("output are lost"));
    if (!end.getStatus().equals("exited")) {
      return end.getReason().isEmpty() ? List.of("nobody says why it ended") : List.of();
    }
    return end.getExitCode() == CODE && (output.equals(SAID) || lossTold)
        ? List.of()
        : List.of("exited with " + end.getExitCode() + " and said '" + output + "'");
  }

  /** One that was kept is answered; one that never ran runs now. */
  private List<String> againstAskingAgain(
      Client client, Client asking, Path volumes, Optional<Job> kept) throws IOException {
    List<String> wrong = new ArrayList<>();
    Job again;
    try {
      again = asking.run(request());
    } catch (StatusRuntimeException e) {
      return List.of("asked again: " + e.getMessage());
    }
    if (kept.isPresent()) {
      if (!again.getId().equals(kept.get().getId())) {
        wrong.add("asked again, it was another job");
      }
    } else {
      Job end = end(client, volumes, wrong);
      wrong.addAll(lies(client, end));
      if (!end.getStatus().equals("exited")) {
        wrong.add("asked again, it did not run: " + end.getReason());
      }
    }
    if (JobFacts.take(volumes).isPresent() == kept.isPresent()) {
      wrong.add("asked again, its command ran twice, or not at all");
    }
    return wrong;
  }

  @Override
  public String toString() {
    return name;
  }
}
