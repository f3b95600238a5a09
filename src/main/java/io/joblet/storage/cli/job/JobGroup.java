package io.joblet.storage.cli.job;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code rnx job}. */
@Command(
    name = "job",
    description = "The volumes of a job, all at once: for what starts and ends jobs.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx job prepare build-17 --volume=data:/data --volume=models:/models:ro,shared",
      "  rnx job cleanup build-17"
    })
public final class JobGroup {
  JobGroup() {}

  /** Its commands by name, in the order of the help. */
  public static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("prepare", PrepareJob.class);
    commands.put("cleanup", CleanUpJob.class);
    commands.put("renew", RenewJob.class);
    return commands;
  }
}
