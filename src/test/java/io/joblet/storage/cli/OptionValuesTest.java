package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.cli.shell.Commands;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Every option of every command that takes a number, a size, a time or an id: what is none of these
 * is refused by its name and with its rule, before anything is sent.
 */
class OptionValuesTest extends WithDaemon {
  private static final Set<String> FREE =
      Set.of("String", "Path", "Label", "Variable", "Mount", "Root", "Inside");

  private static final List<String> NONE =
      List.of("", " ", "-1", "abc", "1 2", "0x10", "1e3", "9".repeat(40), "\u0663");

  @Test
  void areRefusedByNameAndRule() {
    int tried = 0;
    for (List<String> command : commands(Tree.grow(new Rnx(), new String[0], new Commands(null)))) {
      for (OptionSpec option : options(command)) {
        for (String wrong : NONE) {
          List<String> line = new ArrayList<>(command);
          line.add(option.longestName() + "=" + wrong);

          Outcome outcome = rnx(line.toArray(String[]::new));

          String said = outcome.err().lines().findFirst().orElse("");
          assertThat(outcome.status()).as("%s: %s", line, said).isIn(2, 125);
          assertThat(said)
              .as("%s", line)
              .startsWith("rnx: Invalid value for option '" + option.longestName() + "'")
              .doesNotContain("Exception", "cannot convert", "is not a long", "is not an int");
          tried++;
        }
      }
    }
    assertThat(tried).isGreaterThan(400);
    assertThat(daemon.requests()).isEmpty();
  }

  private static List<List<String>> commands(CommandLine line) {
    List<List<String>> found = new ArrayList<>();
    line.getSubcommands()
        .forEach((name, command) -> {
          if (command.getSubcommands().isEmpty()) {
            found.add(List.of(name));
          }
          commands(command)
              .forEach(below -> {
                List<String> whole = new ArrayList<>(List.of(name));
                whole.addAll(below);
                found.add(whole);
              });
        });
    return found;
  }

  private static List<OptionSpec> options(List<String> command) {
    CommandLine line = Tree.grow(new Rnx(), new String[0], new Commands(null));
    for (String name : command) {
      line = line.getSubcommands().get(name);
    }
    return line.getCommandSpec().options().stream()
        .filter(o -> !o.hidden() && o.arity().max() > 0)
        .filter(o -> !FREE.contains(o.type().getSimpleName()))
        .filter(o -> !o.isMultiValue())
        .toList();
  }
}
