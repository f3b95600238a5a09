package io.joblet.storage.faults;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What users do with volumes after a copy of the database was made: they have them back from the
 * trash, write into them, and what {@link End} says.
 */
final class LaterLife {
  private static final String FILE = "lived";
  private static final String JOB = "life";
  private static final int LINES = 4096;

  /** What becomes of each at the end. */
  enum End {
    KEPT,
    GROWN,
    DELETED
  }

  private final Installation installation;
  private final End end;
  private final List<Volume> lived = new ArrayList<>();

  private LaterLife(Installation installation, End end) {
    this.installation = installation;
    this.end = end;
  }

  /** Lives with all that are on disk, and with one more by the name of {@code another}. */
  static LaterLife live(Installation installation, Client client, String another, End end)
      throws IOException {
    LaterLife life = new LaterLife(installation, end);
    endJobs(client);
    client.create(Kind.BTRFS, another, 4 << 20);
    for (Volume volume : client.allVolumes()) {
      if (volume.getType() == VolumeType.FILESYSTEM) {
        life.liveWith(volume, client);
      }
    }
    endJobs(client);
    return life;
  }

  /** An exclusive attachment of the operation's job would keep everybody else away. */
  private static void endJobs(Client client) {
    client
        .jobs()
        .listJobs(ListJobsRequest.newBuilder().setPageSize(1000).build())
        .getJobsList()
        .forEach(job -> client.remove(job.getId()));
  }

  private void liveWith(Volume volume, Client client) throws IOException {
    String id = volume.getId();
    haveBack(client, id);
    Files.writeString(client.attach(id, JOB).resolve(FILE), content(volume));
    client.detach(id, JOB);
    switch (end) {
      case KEPT -> {}
      case GROWN -> resize(client, volume);
      case DELETED -> client.delete(id, false);
    }
    lived.add(volume);
  }

  private static String content(Volume volume) {
    return (volume.getId() + "\n").repeat(LINES);
  }

  /** To what it has at the end; the same again is none. */
  private void resize(Client client, Volume volume) {
    client.resize(volume.getId(), (end == End.GROWN ? 4 : 1) * volume.getSizeBytes());
  }

  /** Of which nothing that was written is in the pool any more, wherever it is looked for. */
  List<String> destroyed() throws IOException, InterruptedException {
    List<String> destroyed = new ArrayList<>();
    for (Volume volume : lived) {
      String id = volume.getId();
      boolean there = false;
      for (String place :
          List.of("", ".images", ".trash", ".quarantine").stream()
              .flatMap(in -> Stream.of(in + "/" + id, in + "/" + id + ".ext4"))
              .toList()) {
        there |= holds(installation.volumes().resolve("./" + place), content(volume));
      }
      if (!there) {
        destroyed.add("nothing is left of what was written into " + volume.getName());
      }
    }
    return destroyed;
  }

  private static boolean holds(Path place, String content)
      throws IOException, InterruptedException {
    if (Files.isDirectory(place)) {
      Path file = place.resolve(FILE);
      return Files.exists(file) && Files.readString(file).equals(content);
    }
    return Files.isRegularFile(place)
        && Shell.attempt("debugfs", "-R", "cat " + FILE, place.toString())
            .output()
            .contains(content);
  }

  /**
   * Each is had back from the trash, is given its size again, since the doctor tells of an image
   * that has another than its row says until then, and is read by a job.
   *
   * @return of which that does not succeed
   */
  List<String> goOn(Client client) throws IOException {
    List<String> problems = new ArrayList<>();
    endJobs(client);
    for (Volume volume : lived) {
      try {
        haveBack(client, volume.getId());
        resize(client, volume);
        Path file = client.attach(volume.getId(), JOB).resolve(FILE);
        if (!Files.readString(file).equals(content(volume))) {
          problems.add(volume.getName() + " holds something else");
        }
      } catch (StatusRuntimeException | NoSuchFileException e) {
        problems.add(volume.getName() + ": " + e);
      }
    }
    endJobs(client);
    return problems;
  }

  private static void haveBack(Client client, String id) {
    boolean deleted =
        client
            .volumes()
            .getVolume(GetVolumeRequest.newBuilder().setVolume(id).build())
            .getVolume()
            .hasDeletedAt();
    if (deleted) {
      client.undelete(id);
    }
  }
}
