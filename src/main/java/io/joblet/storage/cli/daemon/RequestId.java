package io.joblet.storage.cli.daemon;

import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * {@code --request-id}. Mixed into every command that changes something, so that a call whose
 * answer got lost can be repeated and does nothing twice. Without the option each call gets a new
 * one.
 */
public final class RequestId {
  /** What commands name the mixin, so that an error can tell the id. */
  public static final String MIXIN = "requestId";

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      description =
          "Up to 128 printable ASCII characters. The same id with the same request is carried out once, "
              + "however often it is sent; default: a new one.")
  String chosen;

  private String latest;

  /** The id for the next call. */
  public String next() {
    latest = chosen == null ? UUID.randomUUID().toString() : chosen;
    return latest;
  }

  /** Whether the user named one. */
  public boolean isChosen() {
    return chosen != null;
  }

  /** The id of the last call, or null. */
  public String latest() {
    return latest;
  }

  /** The id of the last call that the command made, or null. */
  static String latest(CommandLine command) {
    var mixin = command.getCommandSpec().mixins().get(MIXIN);
    return mixin == null ? null : ((RequestId) mixin.userObject()).latest;
  }
}
