package io.joblet.storage.cli;

import io.joblet.storage.cli.admin.SweepKind;
import io.joblet.storage.cli.daemon.Failures;
import io.joblet.storage.cli.shell.Commands;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.cli.shell.Usage;
import io.joblet.storage.cli.tls.HostName;
import io.joblet.storage.cli.tls.NewClient;
import io.joblet.storage.cli.values.Choice;
import io.joblet.storage.cli.values.Values;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * {@code rnx}, the command line of the storage daemon. A plain main without a container, because it
 * has to be there and gone again in the time of a key stroke.
 */
@Command(
    name = "rnx",
    scope = ScopeType.INHERIT,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%nParameters:%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:the daemon refused, failed or is not there, or problems remain",
      "2:the command line is wrong; nothing was sent"
    },
    versionProvider = Version.class,
    description = "Volumes and jobs on this host.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx volume create data --size=10GB",
      "  rnx run --volume=data:/data -- ls -l /data",
      "  rnx volume attach data --job=build-17 --path=/data",
      "  rnx volume list",
      "  rnx volume doctor"
    })
public final class Rnx {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  /** Runs and ends the process with a status of {@link Exit}. */
  public static void main(String[] arguments) {
    System.exit(run(arguments, Surroundings.ofProcess()));
  }

  /** Runs one command line; returns its exit status and never throws. */
  static int run(String[] arguments, Surroundings surroundings) {
    int status = line(arguments, surroundings).execute(arguments);
    try {
      surroundings.out().flush();
      return status;
    } catch (IOException unwritten) {
      new Failures(surroundings).report(unwritten, null);
      return Exit.FAILED;
    } finally {
      surroundings.err().flush();
    }
  }

  private static CommandLine line(String[] arguments, Surroundings surroundings) {
    CommandLine line = Tree.grow(new Rnx(), arguments, new Commands(surroundings));
    Values.register(line);
    line.registerConverter(SweepKind.class, new Choice<>(SweepKind.class));
    line.registerConverter(HostName.class, HostName::of);
    line.registerConverter(NewClient.class, NewClient::of);
    line.registerConverter(Completion.Shell.class, new Choice<>(Completion.Shell.class));
    return line.setOut(new PrintWriter(surroundings.out()))
        .setErr(surroundings.err())
        .setExpandAtFiles(false)
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler(new Usage())
        .setExecutionExceptionHandler(new Failures(surroundings));
  }
}
