package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.v1.UnshareVolumeRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rnx volume unshare}. */
@Command(
    name = "unshare",
    description = "Refuses another owner new attachments; live ones stay.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx volume unshare data --with=bob"})
final class UnshareVolume implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(paramLabel = "VOLUME", description = "A name or an id.")
  String volume;

  @Option(names = "--with", required = true, paramLabel = "OWNER", description = "Which owner.")
  String with;

  @Override
  public Integer call() throws IOException {
    UnshareVolumeRequest request =
        UnshareVolumeRequest.newBuilder().setVolume(volume).setWithOwner(with).build();
    try (Daemon daemon = connection.open()) {
      var done = daemon.access(stub -> stub.unshareVolume(request));
      assert done != null;
      output.print(
          this::document, () -> "" + volume + " is not shared any more with " + with + "\n");
    }
    return Exit.DONE;
  }

  private Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("volume", volume);
    document.put("with_owner", with);
    return document;
  }
}
