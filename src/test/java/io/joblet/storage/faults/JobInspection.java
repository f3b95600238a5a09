package io.joblet.storage.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The part of an {@link Inspector} that knows root file systems and commands of jobs. */
final class JobInspection {
  /** In every root, whatever its userland is. */
  private static final Set<String> PARTS = Set.of("dev", "etc", "tmp", "work");

  private static final String BASE = ".base";

  private final Installation installation;
  private final Map<String, Map<String, String>> jobs = new HashMap<>();
  private final Map<String, Map<String, String>> runs = new HashMap<>();
  private final Set<String> rooted = new TreeSet<>();
  private final Set<Path> volumePlaces = new TreeSet<>();

  JobInspection(Installation installation, Rows rows) throws SQLException {
    this.installation = installation;
    rows.query("select * from job").forEach(j -> jobs.put(j.get("id"), j));
    rows.query("select * from job_run").forEach(r -> runs.put(r.get("job_id"), r));
    for (Map<String, String> filesystem : rows.query("select job_id from job_filesystem")) {
      Map<String, String> job = jobs.get(filesystem.get("job_id"));
      if (!job.get("state").equals("ENDED")) {
        rooted.add(job.get("name"));
      }
    }
    rows.query("select job_name || mount_path as place from attachment")
        .forEach(a -> volumePlaces.add(installation.jobs().resolve(a.get("place"))));
  }

  boolean hasRoot(String jobName) {
    return rooted.contains(jobName);
  }

  void want(List<String> wanted, List<String> problems) {
    for (String name : rooted) {
      wanted.add("directory " + installation.jobs().resolve(name));
      wanted.add("root " + name);
    }
    runs.forEach((id, run) -> {
      boolean running = run.get("state").equals("RUNNING");
      String job = jobs.get(id).get("state");
      if (run.get("state").equals("STARTING") || running != job.equals("ACTIVE")) {
        problems.add("run is " + run.get("state") + " of a job that is " + job + ": " + run);
      }
      if (running) {
        wanted.add("supervisor of " + id);
        wanted.add("output of " + id);
        wanted.add("cgroup of " + id);
      }
    });
  }

  /** Mounts of roots and of what they share become one item each; the rest is the volumes'. */
  void findMounts(List<Mounts.Entry> mounts, List<String> found) {
    Map<String, Set<String>> parts = new HashMap<>();
    for (Mounts.Entry mount : mounts) {
      Path target = mount.target();
      if (!target.startsWith(installation.jobs()) || target.equals(installation.jobs())) {
        found.add("mount " + target);
        continue;
      }
      Path relative = installation.jobs().relativize(target);
      String job = relative.getName(0).toString();
      if (volumePlaces.contains(target) || !hasRoot(job)) {
        if (!relative.equals(Path.of(BASE))) {
          found.add("mount " + target);
        }
      } else if (relative.getNameCount() <= 2) {
        parts.computeIfAbsent(job, j -> new TreeSet<>()).add(relative.getFileName().toString());
      } else {
        found.add("mount " + target);
      }
    }
    parts.forEach((job, there) -> {
      boolean whole = there.contains(job) && there.containsAll(PARTS);
      found.add(whole ? "root " + job : "torn root " + job + " " + there);
    });
  }

  /** Without what was kept of jobs that have ended, as long as there is a row that says so. */
  void findRuns(List<String> found) throws IOException {
    for (Supervisors.Supervisor supervisor : Supervisors.of(installation.runs())) {
      found.add("supervisor of " + supervisor.job());
    }
    try (Stream<Path> kept = Files.list(installation.runs())) {
      kept.map(k -> k.getFileName().toString())
          .filter(k -> !runs.containsKey(k) || runs.get(k).get("state").equals("RUNNING"))
          .forEach(k -> found.add("output of " + k));
    }
    Set<String> inCgroups = new TreeSet<>();
    for (Path home : Cgroups.homes(installation.volumes())) {
      List<Path> ofJobs = Cgroups.jobs(home);
      if (ofJobs.isEmpty()) {
        found.add("empty " + home);
      }
      ofJobs.forEach(j -> inCgroups.add(j.getFileName().toString()));
    }
    inCgroups.forEach(id -> found.add("cgroup of " + id));
  }
}
