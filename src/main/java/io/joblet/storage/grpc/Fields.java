package io.joblet.storage.grpc;

import com.google.protobuf.Duration;
import io.joblet.storage.config.OwnerName;
import io.joblet.storage.job.JobName;
import io.joblet.storage.job.Liveness;
import io.joblet.storage.job.MountPath;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.volume.AccessMode;
import io.joblet.storage.volume.VolumeType;
import java.util.Optional;
import java.util.function.Function;

/** From single fields of a request to values; what is wrong goes to the {@link Checks}. */
final class Fields {
  /** 3650 days: beyond it a duration is a mistake. */
  private static final long LONGEST_SECONDS = 3650L * 24 * 3600;

  private static final long MAX_ID = 0xFFFF_FFFEL;

  private Fields() {}

  /** The wire's uint32; the largest one means "nobody" to the kernel, chown(2). */
  static long id(Checks checks, String field, int value) {
    long id = Integer.toUnsignedLong(value);
    checks.require(id <= MAX_ID, field, "must be at most " + MAX_ID);
    return id;
  }

  /** An id or a name: whether there is such a thing is found out later. */
  static String reference(Checks checks, String field, String text) {
    checks.require(!text.isEmpty(), field, "must be given: an id or a name");
    checks.require(text.length() <= 128, field, "is longer than any id or name");
    checks.require(
        text.chars().noneMatch(Character::isISOControl), field, "has a control character");
    return text;
  }

  static VolumeType type(Checks checks, String field, io.joblet.storage.v1.VolumeType type) {
    return switch (type) {
      case FILESYSTEM -> VolumeType.FILESYSTEM;
      case MEMORY -> VolumeType.MEMORY;
      case VOLUME_TYPE_UNSPECIFIED, UNRECOGNIZED -> {
        checks.require(false, field, "must be FILESYSTEM or MEMORY");
        yield null;
      }
    };
  }

  static AccessMode access(Checks checks, String field, io.joblet.storage.v1.AccessMode mode) {
    return switch (mode) {
      case ACCESS_MODE_UNSPECIFIED, EXCLUSIVE -> AccessMode.EXCLUSIVE;
      case SHARED -> AccessMode.SHARED;
      case SHARED_READ_ONLY -> AccessMode.SHARED_READ_ONLY;
      case UNRECOGNIZED -> {
        checks.require(false, field, "must be EXCLUSIVE, SHARED or SHARED_READ_ONLY");
        yield null;
      }
    };
  }

  static Optional<MountPath> mountPath(Checks checks, String field, String text) {
    return optional(checks, field, text, MountPath::new);
  }

  /** An id or a name of a job, or owner/name; not one that none can have. */
  static String job(Checks checks, String field, String text) {
    int slash = text.indexOf('/');
    if (slash >= 0) {
      checks.value(field, () -> new OwnerName(text.substring(0, slash)));
    }
    checks.value(field, () -> new JobName(text.substring(slash + 1)));
    return text;
  }

  static Optional<JobName> jobName(Checks checks, String field, String text) {
    return optional(checks, field, text, JobName::new);
  }

  static Liveness liveness(Checks checks, io.joblet.storage.v1.Liveness liveness) {
    return switch (liveness.getByCase()) {
      case PID -> checks.value("liveness.pid", () -> new Liveness.OfProcess(liveness.getPid()));
      case LEASE ->
          checks.value(
              "liveness.lease", () -> new Liveness.OfLease(toDuration(liveness.getLease())));
      case UNTIL_CLEANUP, BY_NOT_SET -> new Liveness.UntilCleanup();
    };
  }

  /** 0 or more; fractions of a second count as a whole one. */
  static java.time.Duration duration(Checks checks, String field, Duration duration) {
    return checks.value(field, () -> toDuration(duration));
  }

  private static java.time.Duration toDuration(Duration duration) {
    if (duration.getSeconds() < 0 || duration.getNanos() < 0) {
      throw new IllegalArgumentException("must not be negative");
    }
    if (duration.getSeconds() > LONGEST_SECONDS || duration.getNanos() >= 1_000_000_000) {
      throw new IllegalArgumentException("must be at most 3650 days");
    }
    return java.time.Duration.ofSeconds(duration.getSeconds() + (duration.getNanos() > 0 ? 1 : 0));
  }

  private static <T> Optional<T> optional(
      Checks checks, String field, String text, Function<String, T> make) {
    return text.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(checks.value(field, () -> make.apply(text)));
  }
}
