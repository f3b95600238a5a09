package io.joblet.storage.access;

import java.util.Locale;

/**
 * Everything that can be asked of the daemon, each with the least role that may: the one table.
 * docs/access.md has the same, a test compares. A gRPC method has the permission of its name.
 */
public enum Permission {
  LIST_VOLUMES(Role.READER),
  GET_VOLUME(Role.READER),
  CREATE_VOLUME(Role.MAINTAINER),
  UPDATE_VOLUME(Role.MAINTAINER),
  /** Into the trash. */
  DELETE_VOLUME(Role.MAINTAINER),
  /** For good, as {@link #REMOVE_VOLUME} of the older contract. */
  PURGE_VOLUME(Role.ADMIN),
  REMOVE_VOLUME(Role.ADMIN),
  UNDELETE_VOLUME(Role.MAINTAINER),
  SHARE_VOLUME(Role.MAINTAINER),
  UNSHARE_VOLUME(Role.MAINTAINER),
  LIST_SHARES(Role.READER),
  ATTACH_VOLUME(Role.DEVELOPER),
  DETACH_VOLUME(Role.DEVELOPER),
  PREPARE_VOLUMES(Role.DEVELOPER),
  CLEANUP_VOLUMES(Role.DEVELOPER),
  RENEW_LEASE(Role.DEVELOPER),

  LIST_JOBS(Role.READER),
  GET_JOB(Role.READER),
  STREAM_LOGS(Role.READER),
  RUN_JOB(Role.DEVELOPER),
  RUN_ATTACHED(Role.DEVELOPER),
  PREPARE_FILESYSTEM(Role.DEVELOPER),
  SIGNAL_JOB(Role.DEVELOPER),
  STOP_JOB(Role.DEVELOPER),
  REMOVE_JOB(Role.DEVELOPER),
  /**
   * What reaches out of a job: a directory of the host as its root, the host's network, user or
   * group 0, a process of the host whose end is the job's.
   */
  USE_HOST(Role.ADMIN),

  /** The caller's own events, usage and operations; those of others need {@link #SEE_OWNERS}. */
  WATCH_VOLUMES(Role.READER),
  REPORT_USAGE(Role.READER),
  REPORT_IDLE(Role.READER),
  REPORT_GROWTH(Role.READER),
  REPORT_OPERATIONS(Role.READER),
  REPORT_HISTORY(Role.READER),

  /** Limits and what is used of them: one's own. */
  GET_OWNER(Role.READER),
  LIST_OWNERS(Role.ADMIN),
  SET_OWNER_LIMITS(Role.ADMIN),
  /** What belongs to other owners, anywhere. */
  SEE_OWNERS(Role.ADMIN),

  CREATE_TOKEN(Role.ADMIN),
  LIST_TOKENS(Role.ADMIN),
  REVOKE_TOKEN(Role.ADMIN),

  /** The node and its pool tell how much all owners have. */
  GET_NODE(Role.ADMIN),
  DOCTOR(Role.ADMIN),
  SWEEP(Role.ADMIN),
  RECOVER(Role.ADMIN),
  SAMPLE_USAGE(Role.ADMIN),
  LIST_AUDIT(Role.ADMIN),
  GET_METRICS(Role.ADMIN),
  /** Health and gRPC reflection. */
  GET_HEALTH(Role.READER);

  private final Role least;

  Permission(Role least) {
    this.least = least;
  }

  /** The least role that has it. */
  public Role least() {
    return least;
  }

  /** Whether it is a right to change something, which the audit has then. */
  public boolean changes() {
    return switch (this) {
      case CREATE_VOLUME,
          UPDATE_VOLUME,
          DELETE_VOLUME,
          PURGE_VOLUME,
          REMOVE_VOLUME,
          UNDELETE_VOLUME,
          SHARE_VOLUME,
          UNSHARE_VOLUME,
          ATTACH_VOLUME,
          DETACH_VOLUME,
          PREPARE_VOLUMES,
          CLEANUP_VOLUMES,
          RENEW_LEASE,
          RUN_JOB,
          RUN_ATTACHED,
          PREPARE_FILESYSTEM,
          SIGNAL_JOB,
          STOP_JOB,
          REMOVE_JOB,
          USE_HOST,
          SET_OWNER_LIMITS,
          CREATE_TOKEN,
          REVOKE_TOKEN,
          DOCTOR,
          SWEEP,
          RECOVER ->
          true;
      case LIST_VOLUMES,
          GET_VOLUME,
          LIST_SHARES,
          LIST_JOBS,
          GET_JOB,
          STREAM_LOGS,
          WATCH_VOLUMES,
          REPORT_USAGE,
          REPORT_IDLE,
          REPORT_GROWTH,
          REPORT_OPERATIONS,
          REPORT_HISTORY,
          GET_OWNER,
          LIST_OWNERS,
          SEE_OWNERS,
          LIST_TOKENS,
          GET_NODE,
          LIST_AUDIT,
          SAMPLE_USAGE,
          GET_METRICS,
          GET_HEALTH ->
          false;
    };
  }

  /** As refusals name it, e.g. {@code create_volume}. */
  public String operation() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What a gRPC method needs.
   *
   * @param method its name, e.g. {@code CreateVolume}
   * @throws IllegalArgumentException if the table does not have it, so that it is refused to all
   */
  public static Permission ofMethod(String method) {
    return valueOf(method.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
  }
}
