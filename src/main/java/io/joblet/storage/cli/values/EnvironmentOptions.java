package io.joblet.storage.cli.values;

import io.joblet.storage.cli.shell.Surroundings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The environment of a job: files in their order, and over them what the command line names. */
public final class EnvironmentOptions {
  private final Surroundings surroundings;

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME[=VALUE]",
      description = {
        "A variable of its environment; NAME alone takes it from here, and leaves it out where it is",
        "not set. The later of two holds."
      })
  List<Variable> variables = List.of();

  @Option(
      names = "--env-file",
      paramLabel = "FILE",
      description = {
        "The same from a file, one in a line, nothing quoted; empty lines and those that begin with #",
        "are skipped. --env goes before."
      })
  List<Path> files = List.of();

  EnvironmentOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * All variables.
   *
   * @throws picocli.CommandLine.ParameterException when a file cannot be read or is not of that
   *     form
   */
  public Map<String, String> map(CommandSpec command) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (Path file : files) {
      for (Variable variable : new EnvironmentFile(file).read(command)) {
        variable.putInto(environment, surroundings.environment());
      }
    }
    variables.forEach(variable -> variable.putInto(environment, surroundings.environment()));
    return environment;
  }
}
