package io.joblet.storage.cli.values;

import picocli.CommandLine.Option;

/** {@code --owner} and {@code --all-owners}. Mixed into lists. */
public final class Whose {
  @Option(names = "--owner", paramLabel = "OWNER", description = "Another owner's; for admins.")
  String owner = "";

  @Option(names = "--all-owners", description = "Everybody's; for admins.")
  boolean all;

  public String owner() {
    return owner;
  }

  public boolean all() {
    return all;
  }
}
