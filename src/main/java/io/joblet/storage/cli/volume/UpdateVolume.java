package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.RequestId;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.values.Bytes;
import io.joblet.storage.cli.values.Count;
import io.joblet.storage.cli.values.IdleTimeout;
import io.joblet.storage.cli.values.Label;
import io.joblet.storage.cli.view.VolumeDocument;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnx volume update}. */
@Command(
    name = "update",
    description = {
      "Changes a volume and prints it.",
      "A larger size holds at once; a smaller one is refused below what is used."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx volume update data --size=20GB",
      "  rnx volume update data --label=team=search --unlabel=tmp",
      "  rnx volume update data --protect --if-version=3"
    })
final class UpdateVolume implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin Connection connection;
  @Mixin Output output;

  @Mixin(name = RequestId.MIXIN)
  RequestId requestId;

  @Parameters(paramLabel = "VOLUME", description = "A name or an id.")
  String volume;

  @Option(names = "--size", paramLabel = "SIZE", description = "The new size, e.g. 20GB.")
  Bytes size;

  @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Set a label; others stay.")
  List<Label> labels = List.of();

  @Option(names = "--unlabel", paramLabel = "KEY", description = "Take a label off.")
  List<String> unlabels = List.of();

  @Option(
      names = "--protect",
      negatable = true,
      description = "Refuse, or allow again, to remove it.")
  Boolean isProtected;

  @Option(
      names = "--idle-timeout",
      paramLabel = "TIME|never",
      description = "Memory only: remove it when nobody attached it for this long.")
  IdleTimeout idleTimeout;

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "Refuse unless its row_version is this, as inspect shows it.")
  Count version;

  @Override
  public Integer call() throws IOException {
    LabelEdit edit = new LabelEdit(Label.map(labels, spec), unlabels);
    UpdateVolumeRequest.Builder request = request(edit);
    try (Daemon daemon = connection.open()) {
      Volume updated =
          edit.isEmpty() ? update(daemon, request) : edit.apply(daemon, request, this::update);
      output.print(() -> VolumeDocument.of(updated), () -> "updated " + updated.getName() + "\n");
    }
    return Exit.DONE;
  }

  private Volume update(Daemon daemon, UpdateVolumeRequest.Builder request) {
    UpdateVolumeRequest update = request.setRequestId(requestId.next()).build();
    return daemon.volumes(stub -> stub.updateVolume(update)).getVolume();
  }

  private UpdateVolumeRequest.Builder request(LabelEdit edit) {
    UpdateVolumeRequest.Builder request = UpdateVolumeRequest.newBuilder().setVolume(volume);
    if (size != null) {
      request.setSizeBytes(size.number()).getUpdateMaskBuilder().addPaths("size_bytes");
    }
    if (isProtected != null) {
      request.setProtected(isProtected).getUpdateMaskBuilder().addPaths("protected");
    }
    if (idleTimeout != null) {
      request.setIdleTimeout(idleTimeout.message()).getUpdateMaskBuilder().addPaths("idle_timeout");
    }
    if (version != null) {
      request.setRowVersion(version.number());
    }
    if (edit.isEmpty() && !request.hasUpdateMask()) {
      throw wrong(
          "nothing to change; name --size, --label, --unlabel, --[no-]protect or --idle-timeout");
    }
    if (!edit.isEmpty() && requestId.isChosen() && version == null) {
      throw wrong(
          "--request-id with --label or --unlabel needs --if-version, so that a repetition is the same"
              + " request");
    }
    return request;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
