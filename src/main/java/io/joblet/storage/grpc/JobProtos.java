package io.joblet.storage.grpc;

import com.google.protobuf.UnsafeByteOperations;
import io.joblet.storage.job.JobRun;
import io.joblet.storage.job.JobView;
import io.joblet.storage.job.OutputReader.Piece;
import io.joblet.storage.job.Places;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.v1.Chunk;
import io.joblet.storage.v1.IoLimits;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.Network;
import io.joblet.storage.v1.Userland;
import io.joblet.storage.volume.IoLimitColumns;
import jakarta.enterprise.context.ApplicationScoped;

/** From rows of jobs to messages. */
@ApplicationScoped
class JobProtos {
  private final Protos protos;
  private final Places places;
  private final CurrentNode node;

  JobProtos(Protos protos, Places places, CurrentNode node) {
    this.protos = protos;
    this.places = places;
    this.node = node;
  }

  Job job(JobView view) {
    io.joblet.storage.job.Job row = view.job();
    Job.Builder job =
        Job.newBuilder()
            .setId(row.id.toString())
            .setName(row.name)
            .setOwner(row.owner)
            .setNode(node.name())
            .setStatus(view.status())
            .setCreatedAt(Protos.time(row.createdAt))
            .setReason(row.reason)
            .setRowVersion(row.rowVersion);
    if (row.endedAt == null) {
      job.setDirectory(places.of(row));
    } else {
      job.setEndedAt(Protos.time(row.endedAt));
    }
    view.filesystem().ifPresent(f -> job.setFilesystem(filesystem(f)));
    view.run().ifPresent(r -> run(job, r));
    view.volumes()
        .forEach(v -> job.addAttachments(protos.attachment(v.attachment(), v.volumeName())));
    return job.build();
  }

  /** The bytes are not copied: nobody changes them any more. */
  static Chunk chunk(Piece piece) {
    return Chunk.newBuilder()
        .setTime(Protos.time(piece.time()))
        .setError(piece.error())
        .setData(UnsafeByteOperations.unsafeWrap(piece.bytes()))
        .setLost(piece.lost())
        .build();
  }

  private static void run(Job.Builder job, JobRun run) {
    job.addAllCommand(run.command)
        .addAllEnvironmentNames(run.environmentNames)
        .setWorkingDirectory(run.workingDirectory)
        .setIoLimits(limits(run.ioLimits))
        .setNetwork(run.ownNetwork ? Network.NONE : Network.HOST_NETWORK)
        .setPidsLimit(run.pidsLimit)
        .setLogSizeBytes(run.logBytes)
        .addAllWarnings(run.warnings);
    if (run.startedAt != null) {
      job.setStartedAt(Protos.time(run.startedAt));
    }
    if (run.finishedAt != null) {
      job.setFinishedAt(Protos.time(run.finishedAt));
    }
    if (run.exitCode != null) {
      job.setExitCode(run.exitCode);
    }
    if (run.signal != null) {
      job.setSignal(run.signal);
    }
    if (run.pid != null && run.unfinished()) {
      job.setSupervisorPid(run.pid);
    }
  }

  private static JobFilesystem filesystem(io.joblet.storage.job.JobFilesystem row) {
    JobFilesystem.Builder filesystem =
        JobFilesystem.newBuilder()
            .setUserland(Userland.valueOf(row.userland.name()))
            .setWorkSizeBytes(row.workBytes)
            .setTmpSizeBytes(row.tmpBytes)
            .setShmSizeBytes(row.shmBytes)
            .setUid((int) row.uid)
            .setGid((int) row.gid);
    if (row.directory != null) {
      filesystem.setDirectory(row.directory);
    }
    return filesystem.build();
  }

  private static IoLimits limits(IoLimitColumns row) {
    return IoLimits.newBuilder()
        .setReadBps(row.readBps)
        .setWriteBps(row.writeBps)
        .setReadIops(row.readIops)
        .setWriteIops(row.writeIops)
        .build();
  }
}
