package io.joblet.storage.cli.volume;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Labels to set and to take off. The daemon replaces all labels of a volume, so the others are read
 * first, and the update names the version that was read: nobody's change in between is lost.
 */
record LabelEdit(Map<String, String> set, List<String> remove) {
  private static final int TRIES = 5;

  boolean isEmpty() {
    return set.isEmpty() && remove.isEmpty();
  }

  /**
   * Reads, merges and updates; again when somebody else was faster and no version was asked for.
   */
  Volume apply(
      Daemon daemon,
      UpdateVolumeRequest.Builder request,
      BiFunction<Daemon, UpdateVolumeRequest.Builder, Volume> update) {
    boolean anyVersion = request.getRowVersion() == 0;
    GetVolumeRequest get = GetVolumeRequest.newBuilder().setVolume(request.getVolume()).build();
    request.getUpdateMaskBuilder().addPaths("labels");
    for (int attempt = 1; ; attempt++) {
      Volume current = daemon.volumes(stub -> stub.getVolume(get)).getVolume();
      request.clearLabels().putAllLabels(merged(current));
      if (anyVersion) {
        request.setRowVersion(current.getRowVersion());
      }
      try {
        return update.apply(daemon, request);
      } catch (StatusRuntimeException failure) {
        boolean overtaken = failure.getStatus().getCode() == Status.Code.ABORTED;
        if (!overtaken || !anyVersion || attempt == TRIES) {
          throw failure;
        }
      }
    }
  }

  private Map<String, String> merged(Volume current) {
    Map<String, String> labels = new TreeMap<>(current.getLabelsMap());
    remove.forEach(labels::remove);
    labels.putAll(set);
    return labels;
  }
}
