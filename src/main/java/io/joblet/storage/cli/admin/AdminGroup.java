package io.joblet.storage.cli.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code rnx admin}. */
@Command(
    name = "admin",
    description = "The daemon itself.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx admin node", "  rnx admin sweep idle --dry-run"})
public final class AdminGroup {
  AdminGroup() {}

  /** Its commands by name, in the order of the help. */
  public static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("node", ShowNode.class);
    commands.put("sweep", Sweep.class);
    commands.put("sample", SampleUsage.class);
    commands.put("audit", ListAudit.class);
    commands.put("recover", Recover.class);
    commands.put("backup", Backup.class);
    commands.put("restore", Restore.class);
    commands.put("init-tls", InitTls.class);
    commands.put("revoke", RevokeClient.class);
    return commands;
  }
}
