package io.joblet.storage.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares host and rows in its own way. From rows it lists all that should be on the host; then it
 * lists what is; the two must be the same, item by item and as often.
 */
final class Inspector {
  private static final List<String> HIDDEN =
      List.of(".images", ".trash", ".quarantine", ".records");

  private final Installation installation;

  Inspector(Installation installation) {
    this.installation = installation;
  }

  /** What is wrong; empty when nothing is. */
  List<String> problems() throws IOException, SQLException, InterruptedException {
    List<String> wanted = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    try (Rows rows = Rows.of(installation)) {
      List<Map<String, String>> volumes = rows.query("select * from volume");
      List<Map<String, String>> attachments = rows.query("select * from attachment");
      volumes.forEach(v -> wantVolume(v, attachments, wanted, problems));
      JobInspection jobs = new JobInspection(installation, rows);
      jobs.want(wanted, problems);
      attachments.forEach(a -> wantAttachment(a, jobs, wanted, problems));
      rows.query("select name, state from job where state <> 'ENDED'").stream()
          .filter(j -> !(j.get("state").equals("ACTIVE") && jobs.hasRoot(j.get("name"))))
          .filter(j ->
              !j.get("state").equals("ACTIVE")
                  || attachments.stream().noneMatch(a -> a.get("job_name").equals(j.get("name"))))
          .forEach(j -> problems.add("job without attachments or in between: " + j));
      wanted.add("mount " + installation.jobs());
      wanted.add("mount " + installation.volumes());
      if (installation.hasPool()) {
        wanted.add("loop " + installation.poolImage());
      }
      new DataInspection(installation, rows, problems).inspect(volumes, attachments);
      compare(counted(wanted), counted(found(jobs)), problems);
    }
    return problems;
  }

  /** Rows and host in every detail, for comparing before and after. */
  String snapshot() throws IOException, SQLException, InterruptedException {
    StringBuilder all = new StringBuilder();
    JobInspection jobs;
    try (Rows rows = Rows.of(installation)) {
      for (String table : List.of("volume", "attachment", "job", "job_run")) {
        rows.query("select * from " + table + " order by 1").forEach(r -> all.append(r + "\n"));
      }
      all.append(rows.query("select count(*) from host_operation")).append('\n');
      jobs = new JobInspection(installation, rows);
    }
    Mounts.below(installation.directory()).forEach(m -> all.append(m).append('\n'));
    counted(found(jobs)).forEach((item, times) -> all.append(item + " " + times + "\n"));
    return all.toString();
  }

  private void wantVolume(
      Map<String, String> volume,
      List<Map<String, String>> attachments,
      List<String> wanted,
      List<String> problems) {
    String id = volume.get("id");
    boolean trashed = volume.get("state").equals("TRASHED");
    if (!trashed && !volume.get("state").equals("AVAILABLE")) {
      problems.add("volume " + id + " is " + volume.get("state"));
    }
    wanted.add("entry .records/" + id + ".json");
    boolean held = attachments.stream().anyMatch(a -> a.get("volume_id").equals(id));
    switch (volume.get("provider")) {
      case "btrfs" -> {
        wanted.add("entry " + (trashed ? ".trash/" : "") + id);
        String group = "1/" + volume.get("qgroup");
        wanted.add("subvolume " + (trashed ? ".trash/" : "") + id + " in " + group);
        wanted.add("qgroup 1_" + volume.get("qgroup") + " limit " + volume.get("size_bytes"));
      }
      case "directory" -> wanted.add("entry " + (trashed ? ".trash/" : "") + id);
      case "loop" -> {
        wanted.add("entry " + (trashed ? ".trash/" + id : ".images/" + id + ".ext4"));
        if (held) {
          wanted.add("entry " + id);
          wanted.add("mount " + installation.volumes().resolve(id));
          wanted.add("loop " + installation.volumes() + "/.images/" + id + ".ext4");
        }
      }
      case "memory" -> {
        if (held) {
          wanted.add("entry " + id);
          wanted.add("mount " + installation.volumes().resolve(id));
        }
      }
      default -> problems.add("volume " + id + " of " + volume.get("provider"));
    }
  }

  private void wantAttachment(
      Map<String, String> attachment,
      JobInspection jobs,
      List<String> wanted,
      List<String> problems) {
    if (!attachment.get("state").equals("ATTACHED")) {
      problems.add("attachment " + attachment.get("id") + " is " + attachment.get("state"));
    }
    Path target =
        installation.jobs().resolve(attachment.get("job_name") + attachment.get("mount_path"));
    wanted.add("mount " + target);
    if (jobs.hasRoot(attachment.get("job_name"))) {
      // Directories in a root are that root's, and go with it.
      return;
    }
    for (Path at = target; !at.equals(installation.jobs()); at = at.getParent()) {
      String directory = "directory " + at;
      if (!wanted.contains(directory)) {
        wanted.add(directory);
      }
    }
  }

  private List<String> found(JobInspection jobs) throws IOException, InterruptedException {
    List<String> found = new ArrayList<>();
    jobs.findMounts(Mounts.below(installation.directory()), found);
    jobs.findRuns(found);
    Mounts.backingFiles(installation.directory()).forEach(f -> found.add("loop " + f));
    for (String name : names(installation.volumes())) {
      if (!HIDDEN.contains(name) && !name.equals(".installation")) {
        found.add("entry " + name);
      }
    }
    for (String hidden : HIDDEN) {
      names(installation.volumes().resolve(hidden))
          .forEach(n -> found.add("entry " + hidden + "/" + n));
    }
    if (installation.hasPool()) {
      found.addAll(subvolumes());
      found.addAll(qgroups());
    }
    directories(installation.jobs(), found);
    // What the roots of all jobs share is made with the first of them and stays.
    found.remove("directory " + installation.jobs().resolve(".base"));
    return found;
  }

  /** Each with the group of a higher level whose limit it is under. */
  private List<String> subvolumes() throws IOException, InterruptedException {
    String pool = installation.volumes().toString();
    Map<String, String> groups = new HashMap<>();
    for (String line : Shell.run("btrfs", "qgroup", "show", "-p", "--raw", pool).lines().toList()) {
      String[] columns = line.split(" +");
      if (columns[0].startsWith("0/")) {
        groups.put(columns[0].substring(2), columns[3]);
      }
    }
    return Shell.run("btrfs", "subvolume", "list", pool)
        .lines()
        .map(line ->
            "subvolume "
                + line.replaceFirst(".* path ", "")
                + " in "
                + groups.get(line.split(" ")[1]))
        .toList();
  }

  private List<String> qgroups() throws IOException, InterruptedException {
    String uuid =
        Shell.run("findmnt", "-n", "-o", "UUID", "--mountpoint", installation.volumes().toString())
            .strip();
    List<String> groups = new ArrayList<>();
    Path all = Path.of("/sys/fs/btrfs", uuid, "qgroups");
    for (String name : names(all)) {
      if (name.startsWith("1_")) {
        try {
          String limit = Files.readString(all.resolve(name).resolve("max_referenced")).strip();
          groups.add("qgroup " + name + " limit " + limit);
        } catch (NoSuchFileException goneMeanwhile) {
          // The settle sweep works on while this looks.
        }
      }
    }
    return groups;
  }

  /** Mount points are listed and not entered: what is in a volume is the job's business. */
  private static void directories(Path at, List<String> found) throws IOException {
    for (String name : names(at)) {
      Path entry = at.resolve(name);
      found.add("directory " + entry);
      if (Mounts.below(entry).stream().noneMatch(m -> m.target().equals(entry))) {
        directories(entry, found);
      }
    }
  }

  /** None if it has gone meanwhile: the settle sweep works on while this looks. */
  private static Collection<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(e -> e.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (NoSuchFileException goneMeanwhile) {
      return List.of();
    }
  }

  private static Map<String, Long> counted(List<String> items) {
    return items.stream()
        .collect(Collectors.groupingBy(i -> i, TreeMap::new, Collectors.counting()));
  }

  private static void compare(
      Map<String, Long> wanted, Map<String, Long> found, List<String> problems) {
    wanted.forEach((item, times) -> {
      if (!times.equals(found.get(item))) {
        problems.add(item + ": wanted " + times + ", found " + found.getOrDefault(item, 0L));
      }
    });
    found.forEach((item, times) -> {
      if (!wanted.containsKey(item)) {
        problems.add(item + ": not wanted, found " + times);
      }
    });
  }
}
