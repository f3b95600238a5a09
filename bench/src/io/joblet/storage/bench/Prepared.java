package io.joblet.storage.bench;

import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.PrepareFilesystemRequest;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.Userland;
import java.nio.file.Path;
import java.util.List;

/** File systems that the daemon prepares and others run commands in. */
final class Prepared {
  private static final int CLIENTS = 8;
  private static final long SMALL = 64 << 10;

  private Prepared() {}

  static void prepare(Path socket, int jobs, String root) throws Exception {
    each(
        socket,
        jobs,
        (connection, job) ->
            connection
                .jobs()
                .prepareFilesystem(
                    PrepareFilesystemRequest.newBuilder()
                        .setJobId(name(job))
                        .setFilesystem(
                            JobFilesystem.newBuilder()
                                .setUserland(Userland.DIRECTORY)
                                .setDirectory(root)
                                .setWorkSizeBytes(SMALL)
                                .setTmpSizeBytes(SMALL)
                                .setShmSizeBytes(SMALL))
                        .build()));
  }

  static void remove(Path socket, int jobs) throws Exception {
    each(
        socket,
        jobs,
        (connection, job) ->
            connection
                .jobs()
                .removeJob(
                    RemoveJobRequest.newBuilder().setJob(name(job)).setForce(true).build()));
  }

  /** One volume into one job after the other and out again; the milliseconds of the attaches. */
  static List<Double> attach(Path socket, int jobs, int clients, int rounds) throws Exception {
    return Runs.together(
        clients,
        client -> {
          String volume = "v" + clients + "-" + client;
          Double[] millis = new Double[rounds];
          try (Connection connection = new Connection(socket)) {
            connection.volumes().createVolume(Pairs.filesystem(volume));
            for (int round = 0; round < rounds; round++) {
              String job = name((client * rounds + round) * 7 % jobs);
              long begun = System.nanoTime();
              connection
                  .volumes()
                  .attachVolume(
                      AttachVolumeRequest.newBuilder().setVolume(volume).setJobId(job).build());
              millis[round] = (System.nanoTime() - begun) / 1e6;
              connection
                  .volumes()
                  .detachVolume(
                      DetachVolumeRequest.newBuilder().setVolume(volume).setJobId(job).build());
            }
          }
          return List.of(millis);
        });
  }

  private static String name(int job) {
    return "prepared-" + job;
  }

  @FunctionalInterface
  private interface Deed {
    void run(Connection connection, int job);
  }

  private static void each(Path socket, int jobs, Deed deed) throws Exception {
    Runs.together(
        CLIENTS,
        client -> {
          try (Connection connection = new Connection(socket)) {
            for (int job = client; job < jobs; job += CLIENTS) {
              deed.run(connection, job);
            }
          }
          return List.of();
        });
  }
}
