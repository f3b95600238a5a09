package io.joblet.storage.cli.owner;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code rnx owner}. */
@Command(
    name = "owner",
    description = "Owners: what each may have, and has.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx owner list", "  rnx owner limit alice --volumes=100 --volume-bytes=1TB"})
public final class OwnerGroup {
  OwnerGroup() {}

  /** Its commands by name, in the order of the help. */
  public static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("list", ListOwners.class);
    commands.put("inspect", InspectOwner.class);
    commands.put("limit", LimitOwner.class);
    return commands;
  }
}
