package io.joblet.storage.simulation;

import io.joblet.storage.job.Attaching.Attached;
import io.joblet.storage.job.JobView;
import io.joblet.storage.volume.VolumeView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * The answer to a request, as it is written down.
 *
 * @param what what the model knows of it too
 * @param rest what only the code under test decides: ids, and how many
 */
record Told(List<String> what, String rest) {
  Told {
    what = List.copyOf(what);
  }

  static Told nothing() {
    return new Told(List.of(), "");
  }

  static Told volume(VolumeView view) {
    return new Told(List.of(serial(view), view.volume().name), view.volume().id.toString());
  }

  /** For what has made the size what it is. */
  static Told sized(VolumeView view) {
    return new Told(
        List.of(serial(view), view.volume().name, Long.toString(view.volume().sizeBytes)),
        view.volume().id.toString());
  }

  static Told attached(Attached attached) {
    return new Told(
        attached.volumes().stream().map(Told::serial).toList(),
        Stream.concat(Stream.of(attached.job().id), attached.attachments().stream().map(a -> a.id))
            .toList()
            .toString());
  }

  static Told job(JobView view) {
    return new Told(List.of(view.job().name), view.job().id.toString());
  }

  static Told count(int detached) {
    return new Told(List.of(), Integer.toString(detached));
  }

  private static String serial(VolumeView view) {
    return view.volume().labels.get("serial");
  }

  byte[] bytes() {
    return (String.join(",", what) + ";" + rest).getBytes(StandardCharsets.UTF_8);
  }

  static Told of(byte[] bytes) {
    return of(new String(bytes, StandardCharsets.UTF_8));
  }

  static Told of(String text) {
    String[] parts = text.split(";", 2);
    return new Told(parts[0].isEmpty() ? List.of() : List.of(parts[0].split(",")), parts[1]);
  }
}
