package io.joblet.storage.service;

import com.google.protobuf.Message;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.RenewLeaseRequest;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.VolumeServiceGrpc;

/** Any request, sent by the method that takes it. */
final class Call {
  private final VolumeServiceGrpc.VolumeServiceBlockingStub volumes;
  private final AdminServiceGrpc.AdminServiceBlockingStub admin;

  Call(
      VolumeServiceGrpc.VolumeServiceBlockingStub volumes,
      AdminServiceGrpc.AdminServiceBlockingStub admin) {
    this.volumes = volumes;
    this.admin = admin;
  }

  Message send(Message request) {
    return switch (request) {
      case CreateVolumeRequest r -> volumes.createVolume(r);
      case ListVolumesRequest r -> volumes.listVolumes(r);
      case GetVolumeRequest r -> volumes.getVolume(r);
      case UpdateVolumeRequest r -> volumes.updateVolume(r);
      case DeleteVolumeRequest r -> volumes.deleteVolume(r);
      case UndeleteVolumeRequest r -> volumes.undeleteVolume(r);
      case AttachVolumeRequest r -> volumes.attachVolume(r);
      case DetachVolumeRequest r -> volumes.detachVolume(r);
      case PrepareVolumesRequest r -> volumes.prepareVolumes(r);
      case CleanupVolumesRequest r -> volumes.cleanupVolumes(r);
      case RenewLeaseRequest r -> volumes.renewLease(r);
      case SweepRequest r -> admin.sweep(r);
      default -> throw new IllegalArgumentException(request.getClass().getName());
    };
  }
}
