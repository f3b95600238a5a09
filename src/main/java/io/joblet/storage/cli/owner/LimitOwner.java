package io.joblet.storage.cli.owner;

import com.google.protobuf.FieldMask;
import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.values.CountLimit;
import io.joblet.storage.cli.values.Limit;
import io.joblet.storage.cli.values.RowVersion;
import io.joblet.storage.cli.view.OwnerView;
import io.joblet.storage.v1.Owner;
import io.joblet.storage.v1.OwnerLimits;
import io.joblet.storage.v1.SetOwnerLimitsRequest;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnx owner limit}. */
@Command(
    name = "limit",
    description = {
      "Limits what an owner may have.",
      "What the owner has already stays. Limits that are not named stay as they are; none lifts one."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx owner limit alice --volumes=100 --volume-bytes=1TB",
      "  rnx owner limit alice --jobs=none",
      "  rnx owner limit alice --jobs=20 --if-version=3"
    })
final class LimitOwner implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(paramLabel = "OWNER", description = "A name.")
  String owner;

  @Option(
      names = "--volumes",
      paramLabel = "N",
      description = "Volumes, without the trash; a whole number.")
  CountLimit volumes;

  @Option(names = "--volume-bytes", paramLabel = "SIZE", description = "Sizes of all on disk.")
  Limit volumeBytes;

  @Option(
      names = "--memory-bytes",
      paramLabel = "SIZE",
      description = "Sizes of volumes in memory and of jobs' scratch space.")
  Limit memoryBytes;

  @Option(names = "--jobs", paramLabel = "N", description = "Jobs that have not ended, likewise.")
  CountLimit jobs;

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "Refuse unless its row_version is this, as inspect shows it; 0: no limits yet.")
  RowVersion version;

  @Override
  public Integer call() throws IOException {
    OwnerLimits.Builder limits = OwnerLimits.newBuilder();
    FieldMask.Builder mask = FieldMask.newBuilder();
    add(mask, "volumes", number(volumes), limits::setVolumes);
    add(mask, "volume_bytes", bytes(volumeBytes), limits::setVolumeBytes);
    add(mask, "memory_bytes", bytes(memoryBytes), limits::setMemoryBytes);
    add(mask, "jobs", number(jobs), limits::setJobs);
    if (mask.getPathsCount() == 0) {
      throw new ParameterException(spec.commandLine(), "name a limit, e.g. --volumes=10");
    }
    SetOwnerLimitsRequest.Builder request =
        SetOwnerLimitsRequest.newBuilder().setOwner(owner).setUpdateMask(mask).setLimits(limits);
    if (version != null) {
      request.setRowVersion(version.number());
    }
    try (Daemon daemon = connection.open()) {
      Owner changed = daemon.access(stub -> stub.setOwnerLimits(request.build())).getOwner();
      output.print(() -> OwnerView.document(changed), () -> OwnerView.lines(changed));
    }
    return Exit.DONE;
  }

  private static OptionalLong number(CountLimit limit) {
    return limit == null ? null : limit.number();
  }

  private static OptionalLong bytes(Limit limit) {
    return limit == null ? null : limit.number();
  }

  /**
   * @param limit null if it is not named, empty to lift it
   */
  private static void add(
      FieldMask.Builder mask, String path, OptionalLong limit, LongConsumer set) {
    if (limit != null) {
      mask.addPaths(path);
      limit.ifPresent(set);
    }
  }
}
