package io.joblet.storage.cli.report;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code rnx report}. */
@Command(
    name = "report",
    description = "Who uses how much, what lies idle, what grows, what went wrong.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx report usage --limit=10", "  rnx report growth --owner=team-a"})
public final class ReportGroup {
  ReportGroup() {}

  /** Its commands by name, in the order of the help. */
  public static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("usage", ReportUsage.class);
    commands.put("idle", ReportIdle.class);
    commands.put("growth", ReportGrowth.class);
    commands.put("operations", ReportOperations.class);
    commands.put("history", ReportHistory.class);
    return commands;
  }
}
