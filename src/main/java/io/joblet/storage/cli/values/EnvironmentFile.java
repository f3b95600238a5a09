package io.joblet.storage.cli.values;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** A file of variables, UTF-8, as docker's {@code --env-file} has them. */
record EnvironmentFile(Path path) {

  List<Variable> read(CommandSpec command) {
    List<Variable> variables = new ArrayList<>();
    int number = 0;
    for (String line : lines(command)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      try {
        variables.add(Variable.of(line));
      } catch (TypeConversionException wrong) {
        throw refusal(command, path + ", line " + number + ": " + wrong.getMessage(), wrong);
      }
    }
    return variables;
  }

  private List<String> lines(CommandSpec command) {
    try {
      return Files.readAllLines(path);
    } catch (NoSuchFileException absent) {
      throw refusal(command, "there is no file " + path, absent);
    } catch (AccessDeniedException denied) {
      throw refusal(command, "no permission to read " + path, denied);
    } catch (CharacterCodingException garbled) {
      throw refusal(command, path + " is not UTF-8", garbled);
    } catch (IOException failed) {
      throw refusal(command, "cannot read " + path + ": " + failed.getMessage(), failed);
    }
  }

  private static ParameterException refusal(CommandSpec command, String why, Exception cause) {
    return new ParameterException(command.commandLine(), "--env-file: " + why, cause);
  }
}
