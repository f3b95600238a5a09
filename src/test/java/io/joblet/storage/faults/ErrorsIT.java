package io.joblet.storage.faults;

import io.grpc.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A system call that fails, with any of the errors that the kernel has for it or for the moment, is
 * told and taken back, or tried again; the daemon goes on, and host and rows agree.
 *
 * <p>{@code -Djoblet.crash.errors=N} makes so many calls fail, {@code all} every call with every
 * error, in seven rounds of one error for each call; {@code -Djoblet.crash.round=N} begins with
 * that round, from 0 on, to go on where a former run has ended. What else there is to set: {@link
 * LongForm}.
 */
class ErrorsIT {
  private static final String ROUNDS = System.getProperty("joblet.crash.errors", "4");
  private static final int FIRST_ROUND = Integer.getInteger("joblet.crash.round", 0);

  static final List<String> ERRORS =
      List.of("EBUSY", "EPERM", "ENOSPC", "ENOMEM", "EIO", "EINTR", "EAGAIN");

  /**
   * The kernel lets a descriptor go whatever close(2) says; a call that is made to fail is not made
   * at all, so that the descriptor would stay.
   */
  private static final String CLOSE = "close";

  /** With the kind of it: who is in the way of an unmount is looked for in all processes. */
  private static final Pattern FILE_OF_PROCESS = Pattern.compile("\"/proc/[0-9]+/([a-z_]+)[/\"]");

  /** Of so many scenarios the short form makes a trace. */
  private static final int SCENARIOS_OF_SHORT_FORM = 2;

  @TempDir static Path directory;
  private static Installation installation;
  private static Crashes crashes;
  private final LongForm form = new LongForm();

  private record Fault(Scenario scenario, HostCall call, String errno) {
    @Override
    public String toString() {
      return scenario + ", " + call + " failing with " + errno;
    }
  }

  @BeforeAll
  static void setUp() throws Exception {
    installation = new Installation(directory, Crashes.SETTINGS_TO_RECOVER);
    crashes = new Crashes(installation);
  }

  @AfterAll
  static void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void tellsTakesBackAndGoesOn() throws Exception {
    Proof proof = new Proof("a host call fails, with one of seven errors");
    int end = ROUNDS.equals(LongForm.ALL) ? ERRORS.size() : FIRST_ROUND + 1;
    for (int i = FIRST_ROUND; i < end; i++) {
      int round = i;
      new InTurns<>(
              LongForm.chosen(scenarios(), ROUNDS, SCENARIOS_OF_SHORT_FORM),
              ROUNDS,
              s -> faults(proof, s, round))
          .whileThereIsTime(form, proof, fault -> attempt(proof, fault));
    }
    proof.conclude();
  }

  /** What was found so: a call with such a line that is the next to one of another name. */
  @ParameterizedTest(name = "{0}, {1} {2} {3}, {4}")
  @CsvSource({
    "detach MEMORY, statx,    after,  umount2, ENOSPC",
    "resize BTRFS,  write,    after,  openat2, EIO",
    "cleanup,       unlinkat, after,  umount2, EBUSY",
    "run in vain,   fstatfs,  before, sendmsg, EIO",
    "stop limited,  unlinkat.*joblet-.*= 0, after, umount2, EBUSY",
  })
  void aCallThatWasFoundToLeaveSomethingLeavesNothing(
      String name, String failing, String side, String other, String errno) throws Exception {
    Scenario scenario = scenarios().stream().filter(s -> s.name().equals(name)).findFirst().get();
    List<HostCall> calls = crashes.calls(scenario);
    int at = calls.stream().map(HostCall::name).toList().indexOf(other);
    List<HostCall> there =
        side.equals("after") ? calls.subList(at, calls.size()) : calls.subList(0, at).reversed();
    Predicate<String> meant = Pattern.compile("^" + failing + "\\b").asPredicate();
    HostCall call = there.stream().filter(c -> meant.test(c.line())).findFirst().get();
    Proof proof = new Proof("a host call fails that was found to leave something");

    attempt(proof, new Fault(scenario, call, errno));

    proof.conclude();
  }

  /** Those that go on by themselves, and those that somebody has to ask for again. */
  private static List<Scenario> scenarios() {
    return Stream.of(LongForm.all(), List.of(SweepScenarios.doctor()), RecoverScenarios.all())
        .flatMap(List::stream)
        .toList();
  }

  private void attempt(Proof proof, Fault fault) throws Exception {
    Crashes.Failed failed = crashes.failAt(fault.scenario(), fault.call(), fault.errno());
    List<String> problems = new ArrayList<>();
    if (fault.scenario().before().mendedByTheSameCall()) {
      problems.addAll(crashes.askAgain(fault.scenario()));
    }
    problems.addAll(crashes.problems());
    if (failed.code() == Status.Code.UNKNOWN) {
      problems.add("the answer says nothing: UNKNOWN");
    }
    proof.tried(fault.scenario().name(), fault + ", " + failed.code(), failed.injected(), problems);
    if (!problems.isEmpty()) {
      crashes.restart();
    }
  }

  /** One after the other, and again from the first. */
  static String errno(int turn) {
    return ERRORS.get(turn % ERRORS.size());
  }

  /**
   * Each call with one error, which is another one in each round: a proof that ends early has
   * failed as many calls as it could.
   */
  private static List<Fault> faults(Proof proof, Scenario scenario, int round) throws Exception {
    List<HostCall> calls = differentCalls(scenario);
    if (round == FIRST_ROUND) {
      proof.places(scenario.name(), ERRORS.stream().flatMap(any -> calls.stream()).toList());
    }
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      faults.add(new Fault(scenario, calls.get(i), errno(i + round)));
    }
    return faults;
  }

  /**
   * One look at an open file of a process, not thousands: what else runs on the host is no place.
   */
  private static List<HostCall> differentCalls(Scenario scenario) throws Exception {
    Set<String> looks = new HashSet<>();
    List<HostCall> calls = new ArrayList<>();
    for (HostCall call : crashes.calls(scenario)) {
      Matcher file = FILE_OF_PROCESS.matcher(call.line());
      if (!call.name().equals(CLOSE) && (!file.find() || looks.add(file.group(1)))) {
        calls.add(call);
      }
    }
    return calls;
  }
}
