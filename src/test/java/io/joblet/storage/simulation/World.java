package io.joblet.storage.simulation;

import io.joblet.storage.simulation.Step.Kind;
import io.joblet.storage.simulation.Step.Living;
import io.joblet.storage.simulation.Step.Mode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What should be, as the model has it: an immutable value. {@code hour} counts from the history's
 * beginning.
 *
 * @param answers by request id, of what was asked with one and is done
 */
record World(
    int hour,
    SortedMap<Integer, Volume> volumes,
    SortedMap<String, Job> jobs,
    SortedMap<String, Attachment> attachments,
    SortedMap<String, List<String>> answers) {

  /** A volume; {@code usedHour} is when it was last known to be used or made, or trashed. */
  record Volume(
      int serial,
      String name,
      Kind kind,
      long size,
      boolean trashed,
      boolean isProtected,
      int usedHour) {
    Volume used(int hour) {
      return new Volume(serial, name, kind, size, trashed, isProtected, hour);
    }
  }

  /** A job that has not ended; {@code processAlive} means something for those by process. */
  record Job(String name, Living living, boolean root, int leaseHour, boolean processAlive) {}

  /** That the job holds the volume. */
  record Attachment(String job, int serial, String path, Mode mode, boolean readOnly) {
    String key() {
      return job + path;
    }
  }

  static World empty() {
    return new World(0, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
  }

  World at(int later) {
    return new World(later, volumes, jobs, attachments, answers);
  }

  World with(Volume volume) {
    SortedMap<Integer, Volume> changed = new TreeMap<>(volumes);
    changed.put(volume.serial(), volume);
    return new World(hour, changed, jobs, attachments, answers);
  }

  World without(Volume volume) {
    SortedMap<Integer, Volume> changed = new TreeMap<>(volumes);
    changed.remove(volume.serial());
    return new World(hour, changed, jobs, attachments, answers);
  }

  World with(Job job) {
    SortedMap<String, Job> changed = new TreeMap<>(jobs);
    changed.put(job.name(), job);
    return new World(hour, volumes, changed, attachments, answers);
  }

  World with(Attachment attachment) {
    SortedMap<String, Attachment> changed = new TreeMap<>(attachments);
    changed.put(attachment.key(), attachment);
    return new World(hour, volumes, jobs, changed, answers)
        .with(volumes.get(attachment.serial()).used(hour));
  }

  /** A job without a root that holds nothing any more ends with what it held. */
  World without(Attachment attachment) {
    SortedMap<String, Attachment> fewer = new TreeMap<>(attachments);
    fewer.remove(attachment.key());
    SortedMap<String, Job> left = new TreeMap<>(jobs);
    boolean idle = fewer.values().stream().noneMatch(a -> a.job().equals(attachment.job()));
    if (idle && !jobs.get(attachment.job()).root()) {
      left.remove(attachment.job());
    }
    return new World(hour, volumes, left, fewer, answers)
        .with(volumes.get(attachment.serial()).used(hour));
  }

  World withoutJob(String name) {
    World next = this;
    for (Attachment held : held(a -> a.job().equals(name))) {
      next = next.without(held);
    }
    SortedMap<String, Job> left = new TreeMap<>(next.jobs);
    left.remove(name);
    return new World(hour, next.volumes, left, next.attachments, answers);
  }

  World answered(String id, List<String> what) {
    SortedMap<String, List<String>> more = new TreeMap<>(answers);
    more.put(id, List.copyOf(what));
    return new World(hour, volumes, jobs, attachments, more);
  }

  /** The volume of that name that is not in the trash, or null. */
  Volume live(String name) {
    return volumes.values().stream()
        .filter(v -> !v.trashed() && v.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  List<Volume> trash() {
    return volumes.values().stream().filter(Volume::trashed).toList();
  }

  List<Attachment> held(Predicate<Attachment> which) {
    return attachments.values().stream().filter(which).toList();
  }

  List<Attachment> holders(Volume volume) {
    return held(a -> a.serial() == volume.serial());
  }

  /** What rows can be compared with: without what only the model keeps. */
  String visible() {
    StringBuilder text = new StringBuilder();
    volumes.values().stream().map(v -> v.used(0)).forEach(v -> text.append(v).append('\n'));
    jobs.values()
        .forEach(j -> text.append(new Job(j.name(), j.living(), j.root(), 0, false)).append('\n'));
    attachments.values().forEach(a -> text.append(a).append('\n'));
    answers.forEach((id, what) -> text.append("answered ").append(id).append(what).append('\n'));
    return text.toString();
  }
}
