package io.joblet.storage.simulation;

import io.joblet.storage.simulation.Rows.Attachment;
import io.joblet.storage.simulation.Rows.Job;
import io.joblet.storage.simulation.Rows.Seen;
import io.joblet.storage.simulation.Rows.Volume;
import io.joblet.storage.simulation.Step.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What rows mean for the host and the journal; it shares no code with the reconciler. */
final class Checks {
  private Checks() {}

  /** What differs between the host and what the rows say, a line each. */
  static List<String> host(Seen rows, HostState host) {
    Set<String> wanted = new TreeSet<>();
    Map<Integer, Volume> bySerial =
        rows.volumes().stream().collect(Collectors.toMap(Volume::serial, v -> v));
    rows.volumes().forEach(v -> volume(v, held(rows, v), wanted));
    rows.jobs().forEach(j -> job(j, wanted));
    for (Attachment a : rows.attachments()) {
      String directory =
          rows.jobs().stream()
              .filter(j -> j.name().equals(a.job()))
              .map(Job::directory)
              .findFirst()
              .orElse("nobody");
      attachment(a, bySerial.get(a.serial()), directory, wanted);
    }
    Set<String> there = host.lines();
    List<String> differences = new ArrayList<>();
    wanted.stream().filter(w -> !there.contains(w)).forEach(w -> differences.add("missing " + w));
    there.stream().filter(t -> !wanted.contains(t)).forEach(t -> differences.add("left " + t));
    return differences;
  }

  private static boolean held(Seen rows, Volume v) {
    return rows.attachments().stream().anyMatch(a -> a.serial() == v.serial());
  }

  private static void volume(Volume v, boolean held, Set<String> wanted) {
    boolean trashed = v.state().equals("TRASHED");
    String place = "VOLUMES:" + v.id();
    String trash = "VOLUMES:.trash/" + v.id();
    String image = "VOLUMES:.images/" + v.id() + ".ext4";
    wanted.add("VOLUMES:.records/" + v.id() + ".json file");
    switch (v.kind()) {
      case BTRFS -> {
        wanted.add((trashed ? trash : place) + " subvolume 1/" + v.qgroup());
        wanted.add("qgroup 1/" + v.qgroup() + " " + v.size());
      }
      case IMAGE -> wanted.add((trashed ? trash : image) + " image " + v.size());
      case MEMORY -> {}
    }
    if (held && v.kind() != Kind.BTRFS) {
      wanted.add(place + " directory");
      wanted.add(
          place
              + " is mounted: "
              + (v.kind() == Kind.IMAGE ? "image " + image : "tmpfs " + place + " " + v.size()));
    }
  }

  private static void job(Job job, Set<String> wanted) {
    if (job.root()) {
      String directory = "JOBS:" + job.directory();
      wanted.add(directory + " directory");
      wanted.add(directory + " is mounted: root " + directory + " " + job.workBytes());
    }
  }

  private static void attachment(
      Attachment a, Volume volume, String directory, Set<String> wanted) {
    String place = "JOBS:" + directory;
    wanted.add(place + " directory");
    for (String component : a.path().substring(1).split("/")) {
      place += "/" + component;
      wanted.add(place + " directory");
    }
    wanted.add(place + " is mounted: bind VOLUMES:" + volume.id() + (a.readOnly() ? " ro" : ""));
  }

  /** What events and operations say that rows do not, and the other way round. */
  static List<String> journal(Seen rows, Map<String, Map<String, Integer>> journal) {
    List<String> wrong = new ArrayList<>();
    Map<String, Volume> byId =
        rows.volumes().stream().collect(Collectors.toMap(v -> v.id().toString(), v -> v));
    for (Volume v : rows.volumes()) {
      Map<String, Integer> of = journal.getOrDefault(v.id().toString(), Map.of());
      int holders = (int) rows.attachments().stream().filter(a -> a.serial() == v.serial()).count();
      boolean told =
          count(of, "CREATED") == 1
              && count(of, "PURGED") == 0
              && deletions(of) == (v.state().equals("TRASHED") ? 1 : 0)
              && count(of, "ATTACHED") - count(of, "DETACHED") == holders
              && count(of, "create DONE") == 1;
      if (!told) {
        wrong.add("of " + v + " is told " + of);
      }
    }
    journal.forEach((id, of) -> {
      boolean wasThere = count(of, "CREATED") > 0;
      boolean ended =
          wasThere
              ? count(of, "CREATED") == 1
                  && count(of, "PURGED") == 1
                  && deletions(of) == 1
                  && count(of, "ATTACHED") == count(of, "DETACHED")
              : count(of, "PURGED") + deletions(of) + count(of, "ATTACHED") == 0;
      if (!byId.containsKey(id) && !ended) {
        wrong.add("of a volume that is gone is told " + of);
      }
    });
    return wrong;
  }

  private static int deletions(Map<String, Integer> of) {
    return count(of, "DELETED") + count(of, "SWEPT") - count(of, "UNDELETED");
  }

  private static int count(Map<String, Integer> of, String kind) {
    return of.getOrDefault(kind, 0);
  }
}
