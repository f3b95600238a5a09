package io.joblet.storage.cli.admin;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.Failures;
import io.joblet.storage.cli.daemon.Refusal;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.cli.shell.Visible;
import io.joblet.storage.cli.view.RecoveryList;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.RecoverResponse;
import io.joblet.storage.v1.RecoverableVolume;
import io.joblet.storage.v1.RecoverableVolume.Action;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rnx admin recover}. */
@Command(
    name = "recover",
    description = {
      "Brings back volumes whose rows were lost, from what lies beside their data.",
      "Shows what would be done, and by which --plan just that is done; --yes does whatever there",
      "is now. No data is deleted, and none is changed. With a database that is new the daemon has",
      "to be started with JOBLET_RECOVER=true first."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx admin recover",
      "  rnx admin recover --plan=8f14e45f-ceea-367a-9a36-dedd4bea2543",
      "  rnx admin recover --yes"
    })
final class Recover implements Callable<Integer> {
  /** Each volume takes milliseconds; this is for a hundred thousand on a slow disk. */
  private static final Duration LONGEST = Duration.ofHours(2);

  private static final Pattern PLAN = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Surroundings surroundings;

  @Spec CommandSpec spec;
  @Mixin Connection connection;
  @Mixin Output output;

  @ArgGroup Decision decision = new Decision();

  /** Whether it is to be done. */
  static final class Decision {
    @Option(
        names = "--plan",
        paramLabel = "ID",
        description = "Do what was shown with this id, and nothing if it would be something else.")
    String plan;

    @Option(names = "--yes", description = "Do it, whatever it is by now.")
    boolean yes;

    @Option(names = "--dry-run", description = "Only show it, as without any of these.")
    boolean dryRun;

    boolean made() {
      return yes || plan != null;
    }
  }

  Recover(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    refuseNoId();
    try (Daemon daemon = connection.open()) {
      surroundings.note("looking at the pool ...");
      RecoverResponse plan = recover(daemon, RecoverRequest.getDefaultInstance());
      if (!decision.made()) {
        output.list(RecoveryList.view(false), plan.getVolumesList());
        if (count(plan) > 0 || plan.getNewDatabase()) {
          surroundings.note(
              count(plan)
                  + " to bring back; nothing was changed. To do just this: rnx admin recover --plan="
                  + plan.getPlan());
        }
        return Exit.DONE;
      }
      if (!decision.yes && !decision.plan.equals(plan.getPlan())) {
        surroundings.note(
            "rnx: --plan: the pool has changed since that plan was made; nothing was changed");
        surroundings.note("  rnx admin recover shows what would be done now");
        return Exit.FAILED;
      }
      surroundings.note("bringing back " + count(plan) + " volumes ...");
      RecoverResponse done;
      try {
        done =
            recover(
                daemon,
                RecoverRequest.newBuilder().setCarryOut(true).setPlan(plan.getPlan()).build());
      } catch (StatusRuntimeException broken) {
        new Failures(surroundings).report(broken, null);
        if (Refusal.leavesOpen(broken)) {
          surroundings.note(
              "  it may have been carried out or not: rnx admin recover shows what is left");
        }
        return Exit.FAILED;
      }
      output.list(RecoveryList.view(true), done.getVolumesList());
      surroundings.note("comparing rows and pool ...");
      boolean agree = check(daemon);
      return agree && done.getVolumesList().stream().allMatch(v -> v.getError().isEmpty())
          ? Exit.DONE
          : Exit.FAILED;
    }
  }

  private void refuseNoId() {
    if (decision.plan == null) {
      return;
    }
    String why =
        decision.plan.isBlank()
            ? "an id is wanted"
            : PLAN.matcher(decision.plan).matches()
                ? ""
                : "'" + Visible.text(decision.plan) + "' is no plan's id";
    if (!why.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--plan: " + why + ", as rnx admin recover prints it");
    }
  }

  private static RecoverResponse recover(Daemon daemon, RecoverRequest request) {
    return daemon.adminFor(LONGEST, stub -> stub.recover(request));
  }

  private static long count(RecoverResponse plan) {
    return plan.getVolumesList().stream()
        .map(RecoverableVolume::getAction)
        .filter(action -> action != Action.LEAVE)
        .count();
  }

  private boolean check(Daemon daemon) {
    long problems =
        daemon
            .adminFor(LONGEST, stub -> stub.doctor(DoctorRequest.getDefaultInstance()))
            .getFindingsList()
            .stream()
            .filter(f -> f.getSeverity() != Finding.Severity.INFO)
            .count();
    surroundings.note(
        problems == 0 ? "they agree" : problems + " problems remain: rnx volume doctor names them");
    return problems == 0;
  }
}
