package io.joblet.storage.cli.job;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code rnx job}. */
@Command(
    name = "job",
    description = "Jobs that run or hold volumes; 'rnx run' starts one.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx job list --all",
      "  rnx job logs -f build-17",
      "  rnx job stop build-17",
      "  rnx job prepare build-17 --volume=data:/data --volume=models:/models:ro,shared",
      "  rnx job cleanup build-17"
    })
public final class JobGroup {
  JobGroup() {}

  /** Its commands by name, in the order of the help. */
  public static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("list", ListJobs.class);
    commands.put("inspect", InspectJob.class);
    commands.put("logs", PrintLog.class);
    commands.put("stop", StopJobs.class);
    commands.put("signal", SignalJob.class);
    commands.put("remove", RemoveJobs.class);
    commands.put("prepare", PrepareJob.class);
    commands.put("cleanup", CleanUpJob.class);
    commands.put("renew", RenewJob.class);
    return commands;
  }
}
