package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Listing;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.values.Count;
import io.joblet.storage.cli.values.Kind;
import io.joblet.storage.cli.values.Label;
import io.joblet.storage.cli.values.Whose;
import io.joblet.storage.cli.view.VolumeList;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.ListVolumesResponse;
import io.joblet.storage.v1.Volume;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rnx volume list}. Asks for page after page and prints each as it comes. */
@Command(
    name = "list",
    aliases = "ls",
    description = "Lists volumes in the order of their creation.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx volume list",
      "  rnx volume list --filter=team=search --filter=env=prod --format=json",
      "  rnx volume list --deleted"
    })
final class ListVolumes implements Callable<Integer> {
  private static final int PAGE = 500;

  @Spec CommandSpec spec;
  @Mixin Connection connection;
  @Mixin Output output;
  @Mixin Whose whose;

  @Option(
      names = "--filter",
      paramLabel = "KEY=VALUE",
      description = "Only volumes with this label; several must all be there.")
  List<Label> filters = List.of();

  @Option(names = "--type", paramLabel = "TYPE", description = "Only ${COMPLETION-CANDIDATES}.")
  Kind type;

  @Option(names = "--deleted", description = "Also what is in the trash.")
  boolean deleted;

  @Option(names = "--shared", description = "Also what other owners share.")
  boolean shared;

  @Option(names = "--limit", paramLabel = "N", description = "Stop after N; default all.")
  Count limit = new Count(Long.MAX_VALUE);

  @Override
  public Integer call() throws IOException {
    ListVolumesRequest.Builder request =
        ListVolumesRequest.newBuilder()
            .putAllLabelFilter(Label.map(filters, spec))
            .setOwner(whose.owner())
            .setAllOwners(whose.all())
            .setShowShared(shared)
            .setShowDeleted(deleted);
    if (type != null) {
      request.setType(type.message());
    }
    try (Daemon daemon = connection.open()) {
      Listing<Volume> listing =
          output.list(VolumeList.view(deleted, shared || whose.all(), output.now()));
      long missing = limit.number();
      do {
        ListVolumesRequest page = request.setPageSize((int) Math.min(PAGE, missing)).build();
        ListVolumesResponse answer = daemon.volumes(stub -> stub.listVolumes(page));
        listing.add(answer.getVolumesList());
        missing -= answer.getVolumesCount();
        request.setPageToken(answer.getNextPageToken());
      } while (missing > 0 && !request.getPageToken().isEmpty());
      listing.end();
    }
    return Exit.DONE;
  }
}
