package io.joblet.storage.bench;

import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.VolumeType;
import java.nio.file.Path;

/** What a client does and takes back again, over and over. */
final class Pairs {
  private static final long SIZE_BYTES = 16 << 20;

  private Pairs() {}

  /** A volume on disk, into the trash or destroyed at once. */
  static Rate.Deed createAndDelete(Connection connection, String client, boolean purge) {
    return round -> {
      String name = client + "-" + round;
      connection.volumes().createVolume(filesystem(name));
      connection
          .volumes()
          .deleteVolume(DeleteVolumeRequest.newBuilder().setVolume(name).setPurge(purge).build());
    };
  }

  static void once(Path socket, String name) {
    try (Connection connection = new Connection(socket)) {
      connection.volumes().createVolume(filesystem(name));
      connection.volumes().deleteVolume(DeleteVolumeRequest.newBuilder().setVolume(name).build());
    }
  }

  /** Each client has a volume and a job of its own. */
  static Rate.Deed attachAndDetach(Connection connection, String client) {
    connection.volumes().createVolume(filesystem(client));
    return round -> {
      connection
          .volumes()
          .attachVolume(
              AttachVolumeRequest.newBuilder().setVolume(client).setJobId(client).build());
      connection
          .volumes()
          .detachVolume(
              DetachVolumeRequest.newBuilder().setVolume(client).setJobId(client).build());
    };
  }

  static CreateVolumeRequest filesystem(String name) {
    return CreateVolumeRequest.newBuilder()
        .setName(name)
        .setType(VolumeType.FILESYSTEM)
        .setSizeBytes(SIZE_BYTES)
        .build();
  }
}
