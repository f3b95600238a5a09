package io.joblet.storage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns what PostgreSQL logged of one create and delete (log_statement=all) into a pgbench script.
 * Id, name and quota group differ in each transaction; every other value is the one logged.
 */
final class Replay {
  private static final Pattern STATEMENT =
      Pattern.compile(".* LOG: {2}execute [^:]+: +(?<sql>.*)");
  private static final Pattern BEGIN =
      Pattern.compile(".* LOG: {2}(?:statement|execute [^:]+): BEGIN.*");
  private static final Pattern DETAIL =
      Pattern.compile(".* DETAIL: {2}[Pp]arameters: (?<values>.*)");
  private static final Pattern VALUE =
      Pattern.compile("\\$(\\d+) = ('(?:[^']|'')*'|NULL)");
  private static final Pattern PLACE = Pattern.compile("\\$(\\d+)");

  private static final Pattern SESSION = Pattern.compile("\\[(?<pid>\\d+)] ");

  private final Map<String, String> changing;
  private final Map<String, Transaction> open = new HashMap<>();
  private final StringBuilder script = new StringBuilder();

  private Replay(String id, String name, String qgroup) {
    // An integer that no other client and no other round has, as each type needs it.
    this.changing =
        Map.of(
            "'" + id + "'", "lpad(to_hex(:n::bigint), 32, '0')::uuid",
            "'" + name + "'", "('bench-' || :n::bigint)",
            "'" + qgroup + "'", ":n");
  }

  static String script(Path log, String id, String name, String qgroup) throws IOException {
    Replay replay = new Replay(id, name, qgroup);
    Files.readAllLines(log).forEach(replay::line);
    List.copyOf(replay.open.keySet()).forEach(replay::end);
    return "\\set round :round + 1\n\\set n 1000000000000 + :client_id * 1000000000 + :round\n"
        + replay.script;
  }

  private void line(String line) {
    Matcher session = SESSION.matcher(line);
    if (!session.find()) {
      return;
    }
    Transaction transaction = open.computeIfAbsent(session.group("pid"), pid -> new Transaction(false));
    Matcher statement = STATEMENT.matcher(line);
    Matcher detail = DETAIL.matcher(line);
    if (BEGIN.matcher(line).matches()) {
      end(session.group("pid"));
      open.put(session.group("pid"), new Transaction(true));
    } else if (statement.matches() && statement.group("sql").equalsIgnoreCase("COMMIT")) {
      end(session.group("pid"));
    } else if (statement.matches()) {
      if (!transaction.explicit) {
        end(session.group("pid"));
        transaction = new Transaction(false);
        open.put(session.group("pid"), transaction);
      }
      transaction.statements.add(statement.group("sql"));
    } else if (detail.matches() && !transaction.statements.isEmpty()) {
      transaction.fill(detail.group("values"), changing);
    }
  }

  private void end(String session) {
    Transaction ended = open.remove(session);
    if (ended != null) {
      ended.appendTo(script);
    }
  }

  /** Of one session; the sweeps' own, which name nothing of the pair, are left out. */
  private static final class Transaction {
    private final List<String> statements = new ArrayList<>();
    private final boolean explicit;
    private boolean ofThePair;

    Transaction(boolean explicit) {
      this.explicit = explicit;
    }

    void fill(String detail, Map<String, String> changing) {
      Map<String, String> values = new HashMap<>();
      Matcher value = VALUE.matcher(detail);
      while (value.find()) {
        String literal = value.group(2);
        ofThePair |= changing.containsKey(literal);
        // A colon before a letter would begin a variable of pgbench's.
        values.put(
            value.group(1),
            changing.getOrDefault(literal, literal.replaceAll(":(?=[A-Za-z_])", ": ")));
      }
      String sql = statements.removeLast();
      if (sql.startsWith("insert into audit (id,")) {
        // Its id is nobody else's, and nothing refers to it.
        values.put("1", "gen_random_uuid()");
      }
      statements.add(
          PLACE
              .matcher(sql)
              .replaceAll(place -> Matcher.quoteReplacement(values.get(place.group(1)))));
    }

    void appendTo(StringBuilder script) {
      if (ofThePair && explicit) {
        // As the daemon does it: all in one round trip.
        script.append("\\startpipeline\nBEGIN;\n");
        statements.forEach(sql -> script.append(sql).append(";\n"));
        script.append("COMMIT;\n\\endpipeline\n");
      } else if (ofThePair) {
        statements.forEach(sql -> script.append(sql).append(";\n"));
      }
    }
  }
}
