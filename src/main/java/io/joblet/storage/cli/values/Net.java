package io.joblet.storage.cli.values;

import io.joblet.storage.v1.Network;
import java.util.Locale;

/** {@code --network}. */
public enum Net {
  NONE(Network.NONE),
  HOST(Network.HOST_NETWORK);

  private final Network message;

  Net(Network message) {
    this.message = message;
  }

  /** As the messages carry it. */
  public Network message() {
    return message;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
