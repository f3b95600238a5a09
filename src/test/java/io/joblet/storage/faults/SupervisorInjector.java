package io.joblet.storage.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The program of src/test/c/injector in the place of one installation's supervisor program. It lets
 * one system call of a job's three processes be met by something.
 */
final class SupervisorInjector {
  private static final Path SOURCE = Path.of("src/test/c/injector/injector.c");
  private static final Path CALLS = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
  private static final Path ERRNOS = Path.of("/usr/include/asm-generic/errno-base.h");
  private static final Pattern NUMBER = Pattern.compile("#define\\s+(?:__NR_)?(\\w+)\\s+(\\d+).*");

  /** In the order in which they are made. */
  private static final List<String> PROCESSES = List.of("supervisor", "init", "command");

  /**
   * Of so many calls of the same name in a row, all but the first, middle and last are left out.
   */
  private static final int ALIKE = 3;

  private final Path orders;
  private final Path done;
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<String, Integer> errnos = numbers(ERRNOS);

  /**
   * A system call of a job's.
   *
   * @param process 0 for the supervisor, 1 for init, 2 for the command before it is executed
   * @param call from 1 on, which is the first that it makes
   */
  record Place(int process, int call, String name) {
    boolean isOf(String which) {
      return PROCESSES.get(process).equals(which);
    }

    @Override
    public String toString() {
      return PROCESSES.get(process) + ", call " + call + ", " + name;
    }
  }

  /** Takes the place of what a daemon has put there for its first job, which it executes by. */
  SupervisorInjector(Installation installation) throws IOException, InterruptedException {
    orders = installation.directory().resolve("orders");
    done = installation.directory().resolve("done");
    Path home;
    try (Stream<Path> versions = Files.list(installation.shim())) {
      home = versions.findFirst().orElseThrow();
    }
    Path meant = installation.directory().resolve("supervisor-program");
    Files.copy(home.resolve(Supervisors.PROGRAM), meant, StandardCopyOption.COPY_ATTRIBUTES);
    Path built = home.resolve("injector");
    Shell.run(
        "cc",
        "-std=c11",
        "-D_GNU_SOURCE",
        "-O1",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-static",
        quoted("ORDERS", orders),
        quoted("DONE", done),
        quoted("PROGRAM", meant),
        "-o",
        built.toString(),
        SOURCE.toString());
    Files.move(
        built,
        home.resolve(Supervisors.PROGRAM),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    numbers(CALLS).forEach((name, number) -> names.put(number, name));
  }

  /** What a header of the kernel's defines, by name. */
  private static Map<String, Integer> numbers(Path header) throws IOException {
    Map<String, Integer> numbers = new HashMap<>();
    for (String line : Files.readAllLines(header)) {
      Matcher number = NUMBER.matcher(line);
      if (number.matches()) {
        numbers.put(number.group(1), Integer.parseInt(number.group(2)));
      }
    }
    return numbers;
  }

  private static String quoted(String name, Path value) {
    return "-D" + name + "=\"" + value + "\"";
  }

  void kill(Place at) throws IOException {
    order("kill " + at.process() + " " + at.call());
  }

  void fail(Place at, String errno) throws IOException {
    order("fail " + at.process() + " " + at.call() + " " + errnos.get(errno));
  }

  void list() throws IOException {
    order("list");
  }

  void leaveAlone() throws IOException {
    Files.deleteIfExists(orders);
  }

  private void order(String line) throws IOException {
    Files.deleteIfExists(done);
    Files.writeString(orders, line + "\n");
  }

  /**
   * Whether what was ordered took place there: a supervisor that waits once more makes other calls
   * from there on.
   */
  boolean tookPlace(Place at) throws IOException {
    return Files.exists(done) && places().getFirst().name().equals(at.name());
  }

  /** What was listed, in the order of each process; of many calls alike some. */
  List<Place> places() throws IOException {
    Map<Integer, List<Place>> all = new HashMap<>();
    for (String line : Files.readAllLines(done)) {
      String[] words = line.split(" ", -1);
      int process = Integer.parseInt(words[0]);
      String name = names.getOrDefault(Integer.parseInt(words[2]), "call " + words[2]);
      all.computeIfAbsent(process, any -> new ArrayList<>())
          .add(new Place(process, Integer.parseInt(words[1]), name));
    }
    return all.values().stream().flatMap(calls -> few(calls).stream()).toList();
  }

  private static List<Place> few(List<Place> calls) {
    List<Place> few = new ArrayList<>();
    for (int from = 0; from < calls.size(); ) {
      int to = from;
      while (to < calls.size() && calls.get(to).name().equals(calls.get(from).name())) {
        to++;
      }
      List<Place> alike = calls.subList(from, to);
      few.addAll(
          alike.size() <= ALIKE
              ? alike
              : List.of(alike.getFirst(), alike.get(alike.size() / 2), alike.getLast()));
      from = to;
    }
    return few;
  }
}
