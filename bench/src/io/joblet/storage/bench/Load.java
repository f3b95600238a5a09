package io.joblet.storage.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The load generator. Prints what bench/run reads: rates as {@code per-second p50-ms p99-ms}.
 *
 * <pre>
 * create-delete SOCKET CLIENTS WARM-UP-SECONDS SECONDS [purge]
 * attach-detach SOCKET CLIENTS WARM-UP-SECONDS SECONDS
 * one-pair      SOCKET NAME           creates and deletes one volume of that name
 * docker        SOCKET CLIENTS WARM-UP-SECONDS SECONDS
 * read-grpc     SOCKET CLIENTS WARM-UP-SECONDS SECONDS
 * read-rest     SOCKET CLIENTS WARM-UP-SECONDS SECONDS
 * list          SOCKET CALLS [deep] [label]
 * fill          SOCKET VOLUMES ATTACHMENTS
 * sample        SOCKET TIMES [SECONDS]   a line of milliseconds for each, so many seconds apart
 * start-jobs    SOCKET CLIENTS ROUNDS ROOT   a line of milliseconds for each start
 * crowd         SOCKET JOBS ROOT      starts per second, seconds of the starts, seconds to the last end
 * prepare       SOCKET JOBS ROOT      prepares so many file systems
 * attach-all    SOCKET JOBS CLIENTS ROUNDS   a line of milliseconds for each attach into them
 * remove        SOCKET JOBS           removes them
 * replay        LOG ID NAME QGROUP    the statements in a PostgreSQL log as a pgbench script
 * </pre>
 */
public final class Load {
  private Load() {}

  public static void main(String... arguments) throws Exception {
    List<String> words = List.of(arguments);
    try {
      switch (words.getFirst()) {
        case "create-delete" ->
            System.out.println(
                rate(
                    words,
                    (connection, client) ->
                        Pairs.createAndDelete(connection, client, words.contains("purge"))));
        case "attach-detach" -> System.out.println(rate(words, Pairs::attachAndDetach));
        case "read-grpc", "read-rest" ->
            System.out.println(
                Reads.rate(
                    path(words),
                    words.getFirst().equals("read-rest"),
                    number(words, 2),
                    seconds(words, 3),
                    seconds(words, 4)));
        case "docker" -> System.out.println(docker(words));
        case "list" ->
            System.out.println(
                Pages.rate(
                    path(words),
                    number(words, 2),
                    words.contains("deep"),
                    words.contains("label")));
        case "one-pair" -> Pairs.once(path(words), words.get(2));
        case "fill" -> Fill.volumes(path(words), number(words, 2), number(words, 3));
        case "sample" ->
            Samplings.run(path(words), number(words, 2), words.size() > 3 ? number(words, 3) : 0)
                .forEach(System.out::println);
        case "start-jobs" ->
            Runs.starts(path(words), number(words, 2), number(words, 3), words.get(4))
                .forEach(System.out::println);
        case "crowd" -> System.out.println(Runs.crowd(path(words), number(words, 2), words.get(3)));
        case "prepare" -> Prepared.prepare(path(words), number(words, 2), words.get(3));
        case "attach-all" ->
            Prepared.attach(path(words), number(words, 2), number(words, 3), number(words, 4))
                .forEach(System.out::println);
        case "remove" -> Prepared.remove(path(words), number(words, 2));
        case "replay" ->
            System.out.print(
                Replay.script(path(words), words.get(2), words.get(3), words.get(4)));
        default -> throw new IllegalArgumentException("unknown load " + words.getFirst());
      }
    } finally {
      Connection.closeLoop();
    }
  }

  private interface Client {
    Rate.Deed deed(Connection connection, String name);
  }

  private static Rate rate(List<String> words, Client client) throws Exception {
    List<Connection> connections = new ArrayList<>();
    List<Rate.Deed> deeds = new ArrayList<>();
    String run = "b" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    try {
      for (int i = 0; i < number(words, 2); i++) {
        connections.add(new Connection(path(words)));
        deeds.add(client.deed(connections.getLast(), run + "-" + i));
      }
      return Rate.of(deeds, seconds(words, 3), seconds(words, 4));
    } finally {
      connections.forEach(Connection::close);
    }
  }

  private static Rate docker(List<String> words) throws Exception {
    List<Rate.Deed> deeds = new ArrayList<>();
    for (int i = 0; i < number(words, 2); i++) {
      deeds.add(new DockerApi(path(words)).createAndDelete("b" + i));
    }
    return Rate.of(deeds, seconds(words, 3), seconds(words, 4));
  }

  private static Path path(List<String> words) {
    return Path.of(words.get(1));
  }

  private static int number(List<String> words, int at) {
    return Integer.parseInt(words.get(at));
  }

  private static Duration seconds(List<String> words, int at) {
    return Duration.ofSeconds(number(words, at));
  }
}
