package io.joblet.storage.cli.values;

import java.util.Map;
import picocli.CommandLine.TypeConversionException;

/**
 * A variable of a job's environment: {@code NAME=VALUE}, or {@code NAME} for what it is set to in
 * the environment of {@code rnx}.
 *
 * @param value null: as it is there
 */
public record Variable(String name, String value) {

  /** Reads one; everything before the first {@code =} is the name, the value may be empty. */
  public static Variable of(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
      throw new TypeConversionException("'" + text + "' is neither NAME=VALUE nor NAME");
    }
    return new Variable(name, equals < 0 ? null : text.substring(equals + 1));
  }

  /** Puts it there; one that {@code own} does not have is left out. */
  public void putInto(Map<String, String> environment, Map<String, String> own) {
    String known = value == null ? own.get(name) : value;
    if (known != null) {
      environment.put(name, known);
    }
  }
}
