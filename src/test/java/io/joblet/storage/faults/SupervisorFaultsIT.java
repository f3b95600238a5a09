package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.faults.SupervisorInjector.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Any of a job's processes is killed, or a system call of it fails, from the supervisor's first to
 * the last that init makes; the command's count until it is executed. Whoever asked for the job is
 * told the truth: a command that was refused has not run, one that ran was held by everything that
 * holds jobs, and what is said of its end happened. Nothing is left of it, and the daemon, which
 * nobody touches, goes on.
 *
 * <p>{@code -Djoblet.crash.rounds=N} kills at so many places, {@code -Djoblet.crash.errors=N} has
 * so many calls fail; {@code all} at every place and with each of seven errors. What else there is
 * to set: {@link LongForm}.
 */
class SupervisorFaultsIT {
  private static final String KILLS = System.getProperty("joblet.crash.rounds", "4");
  private static final String ERRORS = System.getProperty("joblet.crash.errors", "4");

  /**
   * The kernel lets a descriptor go whatever close(2) says, and umask(2) always succeeds. A call
   * that is made to fail is not made at all.
   */
  private static final Set<String> NEVER_FAIL = Set.of("close", "umask");

  /** What each tells that nothing befalls. */
  private static final Map<JobLife, JobFacts> HELD = new TreeMap<>();

  @TempDir static Path directory;
  private static Installation installation;
  private static Crashes crashes;
  private static SupervisorInjector injector;
  private static long lastOperation;
  private final LongForm form = new LongForm();

  private interface Order {
    void give() throws IOException;
  }

  private record Fault(JobLife life, Place place, Order order, String what) {
    @Override
    public String toString() {
      return life + ", " + place + what;
    }
  }

  @BeforeAll
  static void setUp() throws Exception {
    installation = new Installation(directory, Crashes.SETTINGS);
    crashes = new Crashes(installation);
    crashes.restart();
    JobScenarios.ended(crashes.client(), crashes.client().run("warm", "true"));
    crashes.client().remove("warm");
    injector = new SupervisorInjector(installation);
    crashes.client().create(Kind.BTRFS, JobFacts.VOLUME, 4 << 20);
    for (JobLife life : JobLife.values()) {
      HELD.put(life, live(life).facts().orElseThrow());
    }
  }

  @AfterAll
  static void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void whenItIsKilledTheTruthIsToldAndNothingIsLeft() throws Exception {
    Proof proof = new Proof("kill of a job's process before a call of its own");
    List<Fault> faults = new ArrayList<>();
    for (JobLife life : JobLife.values()) {
      for (Place place : proof.places(life.toString(), places(life))) {
        faults.add(killing(life, place));
      }
    }
    attempt(proof, LongForm.drawn(faults, KILLS));
  }

  @Test
  void whenACallFailsTheTruthIsToldAndTheCommandIsHeldOrDoesNotRun() throws Exception {
    Proof proof = new Proof("a call of a job's process fails, with one of seven errors");
    List<Fault> faults = new ArrayList<>();
    for (JobLife life : JobLife.values()) {
      List<Place> places =
          places(life).stream().filter(place -> !NEVER_FAIL.contains(place.name())).toList();
      for (Place place : places) {
        ErrorsIT.ERRORS.forEach(errno -> faults.add(failing(life, place, errno)));
      }
      proof.places(
          life.toString(), ErrorsIT.ERRORS.stream().flatMap(e -> places.stream()).toList());
    }
    attempt(proof, LongForm.drawn(faults, ERRORS));
  }

  /** What was found so: one of the last three calls of that name. */
  @ParameterizedTest(name = "{0}, {1}, {2} {3}")
  @CsvSource({
    "ENDS,       supervisor, write,          KILL",
    "ENDS,       supervisor, rt_sigprocmask, EBUSY",
    "ENDS,       supervisor, read,           EBUSY",
    "IS_STOPPED, supervisor, poll,           ENOMEM",
    "ENDS,       supervisor, openat,         KILL",
    "IS_STOPPED, init,       prctl,          EIO",
  })
  void aCallThatWasFoundToBeToldWronglyIsToldAsItIs(
      JobLife life, String process, String call, String fault) throws Exception {
    Proof proof = new Proof("a call of a job's process that was found to be told wrongly");
    List<Place> places =
        places(life).stream().filter(p -> p.name().equals(call) && p.isOf(process)).toList();
    attempt(
        proof,
        places.subList(Math.max(0, places.size() - 3), places.size()).stream()
            .map(place -> fault.equals("KILL") ? killing(life, place) : failing(life, place, fault))
            .toList());
  }

  private static Fault killing(JobLife life, Place place) {
    return new Fault(life, place, () -> injector.kill(place), " killed");
  }

  private static Fault failing(JobLife life, Place place, String errno) {
    return new Fault(life, place, () -> injector.fail(place, errno), " failing with " + errno);
  }

  private static List<Place> places(JobLife life) throws Exception {
    injector.list();
    JobLife.Outcome undisturbed = live(life);
    List<Place> places = injector.places();
    assertThat(undisturbed.wrong()).isEmpty();
    return places;
  }

  private void attempt(Proof proof, List<Fault> faults) throws Exception {
    for (Fault fault : form.whileThereIsTime(faults)) {
      fault.order().give();
      JobLife.Outcome outcome = live(fault.life());
      List<String> violated = new ArrayList<>(outcome.wrong());
      JobFacts usual = HELD.get(fault.life());
      violated.addAll(leftInCgroups());
      outcome.facts().ifPresent(facts -> violated.addAll(facts.differences(usual)));
      proof.tried(
          fault.life().toString(),
          fault + ", " + outcome.told(),
          injector.tookPlace(fault.place()),
          violated);
    }
    proof.conclude();
  }

  /** What was taken away before its processes were; the settle sweep has done the rest. */
  private static List<String> leftInCgroups() throws Exception {
    try (Rows rows = Rows.of(installation)) {
      long before = lastOperation;
      lastOperation =
          Long.parseLong(
              rows.query("select max(id) as id from host_operation").getFirst().get("id"));
      return rows
          .query(
              "select job_name from host_operation where request_id is not null"
                  + " and steps::text like '%is not empty: pid%' and id > "
                  + before)
          .stream()
          .map(operation -> "not waited for its processes")
          .toList();
    }
  }

  private static JobLife.Outcome live(JobLife life) throws Exception {
    return life.live(crashes, installation.volumes(), injector::leaveAlone);
  }
}
