package io.joblet.storage.grpc;

import io.joblet.storage.config.Excerpt;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.job.JobName;
import io.joblet.storage.job.NewFilesystem;
import io.joblet.storage.job.NewJob;
import io.joblet.storage.job.NewRun;
import io.joblet.storage.job.Userland;
import io.joblet.storage.job.WantedMount;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.v1.IoLimits;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.Network;
import io.joblet.storage.v1.PrepareFilesystemRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.VolumeMount;
import io.joblet.storage.volume.IoLimitColumns;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Requests to start jobs, checked and completed with what is configured. */
@ApplicationScoped
class JobRequests {
  private static final int MOST_ARGUMENTS = 4096;
  private static final int MOST_VARIABLES = 1024;

  /**
   * What execve(2) takes of one argument or variable, without the NUL at its end. What it takes of
   * all, 2 MiB, is more than a message may have.
   */
  private static final int LONGEST_STRING = (128 << 10) - 1;

  private static final int LONGEST_PATH = 4000;
  private static final int LONGEST_COMPONENT = 255;
  private static final int LONGEST_NAME = 255;
  private static final long SMALLEST_SCRATCH = 4096;
  private static final long SMALLEST_LOG = 64 << 10;
  private static final Map<String, String> USUAL_ENVIRONMENT =
      Map.of(
          "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "HOME", "/work",
          "LANG", "C.UTF-8");

  private final StorageConfig config;

  JobRequests(StorageConfig config) {
    this.config = config;
  }

  /** A command and where it runs. */
  record Wanted(NewJob job, NewRun run) {}

  Wanted run(RunJobRequest request) {
    Checks checks = new Checks();
    JobName name =
        request.getJobId().isEmpty()
            ? madeUp()
            : checks.value("job_id", () -> new JobName(request.getJobId()));
    command(checks, request.getCommandList());
    Map<String, String> environment = environment(checks, request.getEnvironmentMap());
    NewFilesystem filesystem = filesystem(checks, request.getFilesystem());
    List<WantedMount> volumes = volumes(checks, request.getVolumesList());
    String directory =
        request.getWorkingDirectory().isEmpty() ? "/work" : request.getWorkingDirectory();
    path(checks, "working_directory", directory);
    IoLimitColumns limits = limits(checks, request.getIoLimits());
    boolean ownNetwork = ownNetwork(checks, request.getNetwork());
    long pids = request.getPidsLimit() == 0 ? config.job().pidsLimit() : request.getPidsLimit();
    int most = config.job().maxPidsLimit();
    checks.require(pids >= 1 && pids <= most, "pids_limit", "must be from 1 to " + most);
    long log = size(request.getLogSizeBytes(), config.job().logSize().bytes());
    within(checks, "log_size_bytes", log, SMALLEST_LOG, config.job().maxLogSize().bytes());
    checks.done();
    NewRun run =
        new NewRun(request.getCommandList(), environment, directory, ownNetwork, pids, limits, log);
    return new Wanted(new NewJob(name, filesystem, volumes), run);
  }

  /** {@code job} and its liveness are checked by the caller's {@code checks}. */
  NewJob prepare(Checks checks, PrepareFilesystemRequest request) {
    JobName name = checks.value("job_id", () -> new JobName(request.getJobId()));
    NewFilesystem filesystem = filesystem(checks, request.getFilesystem());
    List<WantedMount> volumes = volumes(checks, request.getVolumesList());
    checks.done();
    return new NewJob(name, filesystem, volumes);
  }

  private List<WantedMount> volumes(Checks checks, List<VolumeMount> mounts) {
    return Mounts.of(checks, mounts, 0, config.limits().mountsPerJob());
  }

  private NewFilesystem filesystem(Checks checks, JobFilesystem wanted) {
    String prefix = "filesystem.";
    Optional<Userland> userland =
        switch (wanted.getUserland()) {
          case USERLAND_UNSPECIFIED -> Optional.empty();
          case HOST -> Optional.of(Userland.HOST);
          case MINIMAL -> Optional.of(Userland.MINIMAL);
          case DIRECTORY -> Optional.of(Userland.DIRECTORY);
          case UNRECOGNIZED -> {
            checks.require(false, prefix + "userland", "must be HOST, MINIMAL or DIRECTORY");
            yield Optional.empty();
          }
        };
    boolean directory = userland.equals(Optional.of(Userland.DIRECTORY));
    if (directory) {
      path(checks, prefix + "directory", wanted.getDirectory());
    } else {
      checks.require(
          wanted.getDirectory().isEmpty(), prefix + "directory", "is only for DIRECTORY");
    }
    long largest = config.memory().maxSize().bytes();
    long work = size(wanted.getWorkSizeBytes(), config.job().workSize().bytes());
    long tmp = size(wanted.getTmpSizeBytes(), config.job().tmpSize().bytes());
    long shm = size(wanted.getShmSizeBytes(), config.job().shmSize().bytes());
    within(checks, prefix + "work_size_bytes", work, SMALLEST_SCRATCH, largest);
    within(checks, prefix + "tmp_size_bytes", tmp, SMALLEST_SCRATCH, largest);
    within(checks, prefix + "shm_size_bytes", shm, SMALLEST_SCRATCH, largest);
    long uid =
        wanted.hasUid() ? Fields.id(checks, prefix + "uid", wanted.getUid()) : config.job().uid();
    checks.require(
        uid != config.database().embeddedUid(),
        prefix + "uid",
        "must not be " + config.database().embeddedUid() + ", which is the database's");
    return new NewFilesystem(
        userland,
        directory ? Optional.of(wanted.getDirectory()) : Optional.empty(),
        work,
        tmp,
        shm,
        uid,
        wanted.hasGid() ? Fields.id(checks, prefix + "gid", wanted.getGid()) : config.job().gid());
  }

  private static void command(Checks checks, List<String> command) {
    checks.require(
        !command.isEmpty() && !command.getFirst().isEmpty(), "command", "must name a program");
    checks.require(
        command.size() <= MOST_ARGUMENTS, "command", "has more than " + MOST_ARGUMENTS + " words");
    checks.require(
        command.isEmpty() || bytes(command.getFirst()) <= LONGEST_PATH,
        "command",
        "names a program by more than " + LONGEST_PATH + " bytes");
    checks.require(
        command.stream().allMatch(a -> bytes(a) <= LONGEST_STRING),
        "command",
        "has a word of more than " + LONGEST_STRING + " bytes");
    checks.require(
        command.stream().noneMatch(a -> a.indexOf('\0') >= 0), "command", "has a NUL character");
  }

  private static Map<String, String> environment(Checks checks, Map<String, String> given) {
    checks.require(
        given.size() <= MOST_VARIABLES,
        "environment",
        "has more than " + MOST_VARIABLES + " variables");
    checks.require(
        given.entrySet().stream().allMatch(e -> bytes(e) <= LONGEST_STRING),
        "environment",
        "has a variable of more than " + LONGEST_STRING + " bytes");
    given.forEach((name, value) -> {
      checks.require(
          !name.isEmpty() && name.indexOf('=') < 0 && !Excerpt.deceives(name),
          "environment",
          "a name must not be empty and has no '=' and no control character");
      checks.require(
          bytes(name) <= LONGEST_NAME,
          "environment",
          "a name has more than " + LONGEST_NAME + " bytes");
      // The value may be a secret: it is not repeated.
      checks.require(
          value.indexOf('\0') < 0, "environment", "the value of a variable has a NUL character");
    });
    Map<String, String> all = new LinkedHashMap<>(USUAL_ENVIRONMENT);
    all.putAll(given);
    return all;
  }

  private static IoLimitColumns limits(Checks checks, IoLimits wanted) {
    Checks each = new Checks();
    each.value("io_limits.read_bps", () -> IoLimitColumns.of(wanted.getReadBps(), 0, 0, 0));
    each.value("io_limits.write_bps", () -> IoLimitColumns.of(0, wanted.getWriteBps(), 0, 0));
    each.value("io_limits.read_iops", () -> IoLimitColumns.of(0, 0, wanted.getReadIops(), 0));
    each.value("io_limits.write_iops", () -> IoLimitColumns.of(0, 0, 0, wanted.getWriteIops()));
    return checks.value(
        "io_limits",
        () -> {
          each.done();
          return IoLimitColumns.of(
              wanted.getReadBps(),
              wanted.getWriteBps(),
              wanted.getReadIops(),
              wanted.getWriteIops());
        });
  }

  private static boolean ownNetwork(Checks checks, Network network) {
    return switch (network) {
      case NETWORK_UNSPECIFIED, NONE -> true;
      case HOST_NETWORK -> false;
      case UNRECOGNIZED -> {
        checks.require(false, "network", "must be NONE or HOST_NETWORK");
        yield true;
      }
    };
  }

  private static void path(Checks checks, String field, String text) {
    checks.require(
        text.startsWith("/") && bytes(text) <= LONGEST_PATH,
        field,
        "must be absolute and at most " + LONGEST_PATH + " bytes");
    checks.require(!Excerpt.deceives(text), field, "has a control character");
    checks.require(
        List.of(text.split("/", -1)).stream().allMatch(c -> bytes(c) <= LONGEST_COMPONENT),
        field,
        "has a component of more than " + LONGEST_COMPONENT + " bytes");
    checks.require(
        List.of(text.split("/", -1)).stream().noneMatch(c -> c.equals(".") || c.equals("..")),
        field,
        "must not have '.' or '..'");
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** As execve(2) gets it, with the {@code =}. */
  private static int bytes(Map.Entry<String, String> variable) {
    return bytes(variable.getKey()) + 1 + bytes(variable.getValue());
  }

  private static long size(long wanted, long usual) {
    return wanted == 0 ? usual : wanted;
  }

  private static void within(Checks checks, String field, long bytes, long least, long most) {
    checks.require(
        bytes >= least && bytes <= most,
        field,
        "must be from " + least + " to " + most + " bytes, was " + bytes);
  }

  /** Unlikely to be anybody else's; where it is, the call fails and nothing happens. */
  private static JobName madeUp() {
    byte[] some = new byte[6];
    ThreadLocalRandom.current().nextBytes(some);
    return new JobName("job-" + HexFormat.of().formatHex(some));
  }
}
