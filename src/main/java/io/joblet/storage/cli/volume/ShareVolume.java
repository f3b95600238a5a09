package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.v1.ShareVolumeRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rnx volume share}. */
@Command(
    name = "share",
    description = "Lets another owner see and attach a volume.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx volume share data --with=bob --read-only"})
final class ShareVolume implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(paramLabel = "VOLUME", description = "A name or an id.")
  String volume;

  @Option(names = "--with", required = true, paramLabel = "OWNER", description = "Which owner.")
  String with;

  @Option(names = "--read-only", description = "Only to read.")
  boolean readOnly;

  @Override
  public Integer call() throws IOException {
    ShareVolumeRequest request =
        ShareVolumeRequest.newBuilder()
            .setVolume(volume)
            .setWithOwner(with)
            .setReadOnly(readOnly)
            .build();
    try (Daemon daemon = connection.open()) {
      var done = daemon.access(stub -> stub.shareVolume(request));
      assert done != null;
      output.print(this::document, () -> "shared " + volume + " with " + with + "\n");
    }
    return Exit.DONE;
  }

  private Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("volume", volume);
    document.put("with_owner", with);
    document.put("read_only", readOnly);
    return document;
  }
}
