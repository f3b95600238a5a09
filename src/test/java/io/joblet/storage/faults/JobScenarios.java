package io.joblet.storage.faults;

import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.faults.Scenario.Before;
import io.joblet.storage.faults.Scenario.Call;
import io.joblet.storage.v1.IoLimits;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.RunJobRequest;
import java.time.Duration;
import java.util.List;

/** Operations on jobs with a root file system that are interrupted. */
final class JobScenarios {
  private static final long SIZE = 4 << 20;
  private static final long BPS = 10 << 20;
  private static final String GO_ON = "exec sleep 3600";

  private JobScenarios() {}

  static List<Scenario> all() {
    // What a daemon makes for its first job is there by then.
    Call warm = (client, id) -> ended(client, client.run(id + "-warm", "true"));
    Call volumes =
        (client, id) -> {
          client.create(Kind.BTRFS, btrfs(id), SIZE);
          client.create(Kind.MEMORY, memory(id), SIZE);
        };
    Call arrange = warm.then(volumes);
    Call run = (client, id) -> client.run(id, GO_ON, btrfs(id), memory(id));
    Call image = (client, id) -> client.create(Kind.LOOP, image(id), SIZE);
    Call prepare = JobScenarios::prepare;
    Call brief = (client, id) -> ended(client, client.run(id, "echo done"));
    return List.of(
        new Scenario("first run", volumes, run, Before.REBOOT),
        new Scenario("run", arrange, run),
        new Scenario("run in vain", arrange, JobScenarios::runInVain),
        new Scenario("run limited", warm.then(image), JobScenarios::runLimited),
        new Scenario("stop", arrange.then(run), JobScenarios::stop),
        new Scenario(
            "stop limited", warm.then(image).then(JobScenarios::runLimited), JobScenarios::stop),
        new Scenario("remove", brief, (client, id) -> client.remove(id)),
        new Scenario("forced remove", arrange.then(run), (client, id) -> client.remove(id)),
        new Scenario("prepare filesystem", arrange, prepare),
        new Scenario("cleanup filesystem", arrange.then(prepare), Scenario::cleanUp));
  }

  private static String btrfs(String id) {
    return id + "-btrfs";
  }

  private static String memory(String id) {
    return id + "-memory";
  }

  private static String image(String id) {
    return id + "-loop";
  }

  private static void runInVain(Client client, String id) {
    try {
      client.run(Client.shell(id, "", btrfs(id)).clearCommand().addCommand("no-such-command"));
    } catch (StatusRuntimeException refused) {
      if (refused.getStatus().getCode() != Code.NOT_FOUND) {
        throw refused;
      }
    }
  }

  /** The command is the first of its processes and does not heed TERM, so all of this passes. */
  private static void stop(Client client, String id) {
    client.stop(id, Duration.ofSeconds(1));
  }

  private static void runLimited(Client client, String id) {
    RunJobRequest.Builder request = Client.shell(id, GO_ON, image(id));
    client.run(request.setIoLimits(IoLimits.newBuilder().setReadBps(BPS).setWriteBps(BPS)));
  }

  private static void prepare(Client client, String id) {
    client.prepareFilesystem(id, btrfs(id), memory(id));
  }

  static void ended(Client client, Job job) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> client.job(job.getId()).hasEndedAt());
  }
}
