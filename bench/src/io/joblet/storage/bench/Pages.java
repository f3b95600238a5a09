package io.joblet.storage.bench;

import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.ListVolumesResponse;
import java.nio.file.Path;
import java.util.Arrays;

/** Pages of 50 volumes, one after the other on one connection. */
final class Pages {
  private static final int WARM_UP = 300;

  private Pages() {}

  /**
   * @param deep the page in the middle of the list, not the first
   * @param label of those only that carry {@code tier=cold}, every tenth volume
   */
  static Rate rate(Path socket, int calls, boolean deep, boolean label) {
    try (Connection connection = new Connection(socket)) {
      ListVolumesRequest.Builder request = ListVolumesRequest.newBuilder().setPageSize(50);
      if (label) {
        request.putLabelFilter("tier", "cold");
      }
      if (deep) {
        request.setPageToken(middle(connection, request.build()));
      }
      long[] nanos = new long[calls];
      long start = 0;
      for (int i = -WARM_UP; i < calls; i++) {
        if (i == 0) {
          start = System.nanoTime();
        }
        long began = System.nanoTime();
        int found = connection.volumes().listVolumes(request.build()).getVolumesCount();
        if (found != 50) {
          throw new IllegalStateException("the page has " + found + " volumes, not 50");
        }
        if (i >= 0) {
          nanos[i] = System.nanoTime() - began;
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Arrays.sort(nanos);
      return new Rate(calls, seconds, nanos);
    }
  }

  private static String middle(Connection connection, ListVolumesRequest request) {
    ListVolumesRequest.Builder next = request.toBuilder().setPageSize(1000);
    java.util.List<String> tokens = new java.util.ArrayList<>();
    while (true) {
      ListVolumesResponse page = connection.volumes().listVolumes(next.build());
      if (page.getNextPageToken().isEmpty()) {
        return tokens.isEmpty()
            ? connection
                .volumes()
                .listVolumes(request.toBuilder().setPageSize(Math.max(1, page.getVolumesCount() / 2)).build())
                .getNextPageToken()
            : tokens.get(tokens.size() / 2);
      }
      tokens.add(page.getNextPageToken());
      next.setPageToken(page.getNextPageToken());
    }
  }
}
