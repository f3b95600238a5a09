package io.joblet.storage.bench;

import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.VolumeType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One volume, read over and over by gRPC or by REST. */
final class Reads {
  private static final String NAME = "read-often";

  private Reads() {}

  static Rate rate(Path socket, boolean rest, int clients, Duration warmUp, Duration measured)
      throws Exception {
    try (Connection maker = new Connection(socket)) {
      maker
          .volumes()
          .createVolume(
              CreateVolumeRequest.newBuilder()
                  .setName(NAME)
                  .setType(VolumeType.MEMORY)
                  .setSizeBytes(1 << 20)
                  .build());
      try {
        return rest
            ? byRest(socket, clients, warmUp, measured)
            : byGrpc(socket, clients, warmUp, measured);
      } finally {
        maker.volumes().deleteVolume(DeleteVolumeRequest.newBuilder().setVolume(NAME).build());
      }
    }
  }

  private static Rate byRest(Path socket, int clients, Duration warmUp, Duration measured)
      throws Exception {
    List<HttpApi> connections = new ArrayList<>();
    try {
      List<Rate.Deed> deeds = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        HttpApi http = new HttpApi(socket);
        connections.add(http);
        deeds.add(round -> http.call("GET /api/v1/volumes/" + NAME, "", 200));
      }
      return Rate.of(deeds, warmUp, measured);
    } finally {
      for (HttpApi http : connections) {
        http.close();
      }
    }
  }

  private static Rate byGrpc(Path socket, int clients, Duration warmUp, Duration measured)
      throws Exception {
    GetVolumeRequest request = GetVolumeRequest.newBuilder().setVolume(NAME).build();
    List<Connection> connections = new ArrayList<>();
    try {
      List<Rate.Deed> deeds = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        Connection connection = new Connection(socket);
        connections.add(connection);
        deeds.add(round -> {
          if (connection.volumes().getVolume(request).getVolume().getName().isEmpty()) {
            throw new IllegalStateException("a volume without a name");
          }
        });
      }
      return Rate.of(deeds, warmUp, measured);
    } finally {
      connections.forEach(Connection::close);
    }
  }
}
