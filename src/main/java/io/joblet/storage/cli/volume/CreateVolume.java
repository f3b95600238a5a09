package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.RequestId;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.values.Bytes;
import io.joblet.storage.cli.values.Count;
import io.joblet.storage.cli.values.Id;
import io.joblet.storage.cli.values.IdleTimeout;
import io.joblet.storage.cli.values.Kind;
import io.joblet.storage.cli.values.Label;
import io.joblet.storage.cli.values.Mode;
import io.joblet.storage.cli.view.VolumeDocument;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.Enforcement;
import io.joblet.storage.v1.Volume;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnx volume create}. */
@Command(
    name = "create",
    description = "Makes a volume and prints it.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx volume create data --size=10GB",
      "  rnx volume create cache --size=512MB --type=memory --idle-timeout=30m",
      "  rnx volume create home --size=1GB --uid=1000 --gid=1000 --mode=0700 --label=team=search"
    })
final class CreateVolume implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin Connection connection;
  @Mixin Output output;

  @Mixin(name = RequestId.MIXIN)
  RequestId requestId;

  @Parameters(
      paramLabel = "NAME",
      description = "1 to 63 letters, digits, - and _; the first and last a letter or digit.")
  String name;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      required = true,
      description =
          "How much it holds: 512, 10KB, 5MB, 1.5GB, 100Mi, ...; units are powers of 1024.")
  Bytes size;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "filesystem",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  Kind type;

  @Option(names = "--label", paramLabel = "KEY=VALUE", description = "May be given several times.")
  List<Label> labels = List.of();

  @Option(names = "--inodes", paramLabel = "N", description = "Most files and directories in it.")
  Count inodes;

  @Option(
      names = "--uid",
      paramLabel = "ID",
      description = "Owner of its top directory; default whom jobs run as.")
  Id uid;

  @Option(
      names = "--gid",
      paramLabel = "ID",
      description = "Group of its top directory; default that of jobs.")
  Id gid;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "Of its top directory; default 0755.")
  Mode mode;

  @Option(names = "--protect", description = "Refuse to remove it until update --no-protect.")
  boolean isProtected;

  @Option(
      names = "--idle-timeout",
      paramLabel = "TIME|never",
      description = "Memory only: remove it when nobody attached it for this long.")
  IdleTimeout idleTimeout;

  @Option(names = "--owner", paramLabel = "OWNER", description = "Whose it will be; for admins.")
  String owner = "";

  @Override
  public Integer call() throws IOException {
    CreateVolumeRequest request = request();
    try (Daemon daemon = connection.open()) {
      Volume made = daemon.volumes(stub -> stub.createVolume(request)).getVolume();
      output.print(() -> VolumeDocument.of(made), () -> sentence(made));
    }
    return Exit.DONE;
  }

  private CreateVolumeRequest request() {
    CreateVolumeRequest.Builder request =
        CreateVolumeRequest.newBuilder()
            .setName(name)
            .setType(type.message())
            .setSizeBytes(size.number())
            .putAllLabels(Label.map(labels, spec))
            .setProtected(isProtected)
            .setOwner(owner)
            .setRequestId(requestId.next());
    if (inodes != null) {
      request.setInodeLimit(inodes.number());
    }
    if (uid != null) {
      request.setUid(uid.message());
    }
    if (gid != null) {
      request.setGid(gid.message());
    }
    if (mode != null) {
      request.setMode(mode.bits());
    }
    if (idleTimeout != null) {
      request.setIdleTimeout(idleTimeout.message());
    }
    return request.build();
  }

  private static String sentence(Volume made) {
    return "created "
        + made.getName()
        + " ("
        + made.getId()
        + "): "
        + Shown.size(made.getSizeBytes())
        + " "
        + Shown.cell(made.getType())
        + (made.getEnforcement() == Enforcement.UNENFORCED
            ? ", nothing enforces the size"
            : ", enforced by " + Shown.cell(made.getEnforcement()))
        + "\n";
  }
}
