package io.joblet.storage.job;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.JobProcesses.Ending;
import io.joblet.storage.volume.IoLimitColumns;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** The command of a job, from the intent to start it; afterwards it is history. */
@Entity
@Table(name = "job_run")
public class JobRun extends PanacheEntityBase {
  @Id
  @Column(name = "job_id")
  public UUID jobId;

  @Enumerated(EnumType.STRING)
  public State state;

  @JdbcTypeCode(SqlTypes.JSON)
  @Column(updatable = false)
  public List<String> command;

  /** Names only: values may be secrets and are not kept. */
  @JdbcTypeCode(SqlTypes.JSON)
  @Column(name = "environment_names", updatable = false)
  public List<String> environmentNames;

  @Column(name = "working_directory", updatable = false)
  public String workingDirectory;

  @Column(name = "own_network", updatable = false)
  public boolean ownNetwork;

  @Column(name = "pids_limit", updatable = false)
  public long pidsLimit;

  @Embedded public IoLimitColumns ioLimits;

  @Column(name = "log_bytes", updatable = false)
  public long logBytes;

  /** What could not be enforced on this host, one sentence each. */
  @JdbcTypeCode(SqlTypes.JSON)
  public List<String> warnings;

  @Column(name = "boot_id")
  public String bootId;

  public Long pid;

  @Column(name = "start_ticks")
  public Long startTicks;

  @Column(name = "started_at")
  public Instant startedAt;

  @Column(name = "finished_at")
  public Instant finishedAt;

  @Column(name = "exit_code")
  public Integer exitCode;

  public Integer signal;

  /** Why it never ran, or why nobody knows how it ended. */
  public String failure;

  @Version
  @Column(name = "row_version")
  public long rowVersion;

  /** STARTING is the intent: a daemon that finds one takes the job away. */
  public enum State {
    STARTING,
    RUNNING,
    EXITED,
    KILLED,
    FAILED,
    LOST
  }

  static JobRun of(UUID jobId, NewRun wanted) {
    JobRun row = new JobRun();
    row.jobId = jobId;
    row.state = State.STARTING;
    row.command = wanted.command();
    row.environmentNames = wanted.environment().keySet().stream().sorted().toList();
    row.workingDirectory = wanted.workingDirectory();
    row.ownNetwork = wanted.ownNetwork();
    row.pidsLimit = wanted.pidsLimit();
    row.ioLimits = wanted.ioLimits();
    row.logBytes = wanted.logBytes();
    row.warnings = List.of();
    return row;
  }

  /** Whether it has begun, or may have, and has not ended. */
  public boolean unfinished() {
    return state == State.STARTING || state == State.RUNNING;
  }

  /** Who it is; empty before it began. */
  public Optional<ProcessIdentity> supervisor() {
    return pid == null
        ? Optional.empty()
        : Optional.of(new ProcessIdentity(bootId, pid, startTicks));
  }

  void begin(ProcessIdentity supervisor, List<String> cannotEnforce, Instant now) {
    state = State.RUNNING;
    bootId = supervisor.bootId();
    pid = supervisor.pid();
    startTicks = supervisor.startTicks();
    startedAt = now;
    warnings = cannotEnforce;
  }

  /** As its supervisor wrote down, or empty where nobody did. */
  void finish(Optional<Ending> ending, Instant now) {
    finishedAt = now;
    if (ending.isEmpty()) {
      boolean never = state == State.STARTING;
      state = never ? State.FAILED : State.LOST;
      failure = never ? "its start did not come to an end" : "nobody saw its end";
      return;
    }
    boolean noted = state == State.RUNNING;
    exitCode = ending.get().exitCode().orElse(null);
    signal = ending.get().signal().orElse(null);
    failure = ending.get().failure().orElse(null);
    state = failure != null ? State.FAILED : exitCode != null ? State.EXITED : State.KILLED;
    if (!noted && state != State.FAILED) {
      // An older database was put back, and does not know who ran.
      failure = "it ran without a note of it: " + outcome();
      state = State.FAILED;
      exitCode = null;
      signal = null;
    }
    if (ending.get().lostBytes() > 0) {
      warnings = new ArrayList<>(warnings);
      warnings.add(
          ending.get().lostBytes() + " bytes of its output are lost: no space where it is kept");
    }
  }

  /** How it ended, for people. */
  String outcome() {
    return switch (state) {
      case STARTING, RUNNING -> "";
      case EXITED -> "its command exited with " + exitCode;
      case KILLED -> "its command was ended by signal " + signal;
      case FAILED, LOST -> failure;
    };
  }
}
