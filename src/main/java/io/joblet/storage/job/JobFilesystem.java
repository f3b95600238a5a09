package io.joblet.storage.job;

import io.joblet.storage.host.JobRoot;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.Optional;
import java.util.UUID;

/** What a job's root is made of. It is on the host as long as the job has not ended. */
@Entity
@Table(name = "job_filesystem")
public class JobFilesystem extends PanacheEntityBase {
  @Id
  @Column(name = "job_id")
  public UUID jobId;

  @Enumerated(EnumType.STRING)
  @Column(updatable = false)
  public Userland userland;

  @Column(updatable = false)
  public String directory;

  @Column(name = "work_bytes", updatable = false)
  public long workBytes;

  @Column(name = "tmp_bytes", updatable = false)
  public long tmpBytes;

  @Column(name = "shm_bytes", updatable = false)
  public long shmBytes;

  @Column(updatable = false)
  public long uid;

  @Column(updatable = false)
  public long gid;

  @Version
  @Column(name = "row_version")
  public long rowVersion;

  static JobFilesystem of(UUID jobId, NewFilesystem wanted, Userland userland) {
    JobFilesystem row = new JobFilesystem();
    row.jobId = jobId;
    row.userland = userland;
    row.directory = wanted.directory().orElse(null);
    row.workBytes = wanted.workBytes();
    row.tmpBytes = wanted.tmpBytes();
    row.shmBytes = wanted.shmBytes();
    row.uid = wanted.uid();
    row.gid = wanted.gid();
    return row;
  }

  JobRoot root() {
    return new JobRoot(
        userland.onHost(), Optional.ofNullable(directory), workBytes, tmpBytes, uid, gid);
  }

  long memoryBytes() {
    return workBytes + tmpBytes + shmBytes;
  }
}
