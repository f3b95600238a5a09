package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.SweptList;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.SweptItem;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rnx admin sweep}. */
@Command(
    name = "sweep",
    description = {
      "Runs now what the daemon also does by itself.",
      "It removes idle memory volumes, detaches what gone jobs left, or empties the trash of what is",
      "past its retention. Exit status 1 if any of it failed."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  rnx admin sweep idle --dry-run", "  rnx admin sweep trash"})
final class Sweep implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(paramLabel = "KIND", description = "One of ${COMPLETION-CANDIDATES}.")
  SweepKind kind;

  @Option(names = "--dry-run", description = "Only say what would be done, and why.")
  boolean dryRun;

  @Override
  public Integer call() throws IOException {
    SweepRequest request =
        SweepRequest.newBuilder().setKind(kind.message()).setDryRun(dryRun).build();
    try (Daemon daemon = connection.open()) {
      List<SweptItem> items = daemon.admin(stub -> stub.sweep(request)).getItemsList();
      output.list(SweptList.view(dryRun), items);
      return items.stream().allMatch(item -> item.getError().isEmpty()) ? Exit.DONE : Exit.FAILED;
    }
  }
}
