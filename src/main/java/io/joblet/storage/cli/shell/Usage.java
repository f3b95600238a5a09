package io.joblet.storage.cli.shell;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with a command line in one line, and where its help is. The status is {@link
 * Exit#USAGE} unless the command names another.
 */
public final class Usage implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("rnx: " + Visible.text(wrong.getMessage()));
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      for (String suggestion : unmatched.getSuggestions()) {
        err.println("  did you mean " + suggestion + "?");
      }
    }
    err.println(
        "  '" + command.getCommandSpec().qualifiedName() + " --help' says what it takes and does");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }
}
