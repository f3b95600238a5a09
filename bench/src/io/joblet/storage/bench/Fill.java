package io.joblet.storage.bench;

import io.joblet.storage.v1.AttachVolumeRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes volumes on disk and attaches the first of them, ten to a job. */
final class Fill {
  private static final int CLIENTS = 16;

  private Fill() {}

  static void volumes(Path socket, int volumes, int attachments) throws Exception {
    List<Callable<Void>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int first = i;
      clients.add(() -> fill(socket, first, volumes, attachments));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      for (Future<Void> ended : threads.invokeAll(clients)) {
        ended.get();
      }
    }
  }

  private static Void fill(Path socket, int first, int volumes, int attachments) {
    try (Connection connection = new Connection(socket)) {
      for (int i = first; i < volumes; i += CLIENTS) {
        String name = "filled-" + i;
        connection.volumes().createVolume(Pairs.filesystem(name));
        if (i < attachments) {
          connection
              .volumes()
              .attachVolume(
                  AttachVolumeRequest.newBuilder()
                      .setVolume(name)
                      .setJobId("job-" + i / 10)
                      .build());
        }
      }
    }
    return null;
  }
}
