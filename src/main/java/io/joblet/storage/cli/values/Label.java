package io.joblet.storage.cli.values;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** {@code KEY=VALUE}: everything before the first {@code =} is the key; the value may be empty. */
public record Label(String key, String value) {

  /** Reads one; what a key and a value may hold is for the daemon to say. */
  public static Label of(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new TypeConversionException("'" + text + "' is not KEY=VALUE");
    }
    return new Label(text.substring(0, equals), text.substring(equals + 1));
  }

  /** In the order given; a key given twice is a mistake of the command line, not a choice. */
  public static Map<String, String> map(List<Label> labels, CommandSpec command) {
    Map<String, String> map = new LinkedHashMap<>();
    for (Label label : labels) {
      if (map.putIfAbsent(label.key, label.value) != null) {
        throw new ParameterException(
            command.commandLine(), "label '" + label.key + "' is given twice");
      }
    }
    return map;
  }
}
