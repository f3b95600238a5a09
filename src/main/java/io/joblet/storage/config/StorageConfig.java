package io.joblet.storage.config;

import io.quarkus.runtime.annotations.StaticInitSafe;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/**
 * Every setting of the daemon, each with its default. Set as {@code joblet.volumes-directory=...}
 * in {@code /etc/joblet/storage.properties}, as {@code -Djoblet...} or as {@code JOBLET_...} in the
 * environment; docs/configuration.md is checked against this interface by a test.
 */
@StaticInitSafe
@ConfigMapping(prefix = "joblet")
public interface StorageConfig {

  /** This host's name in the database; the host name if empty. */
  Optional<String> node();

  /** Where volumes lie; on btrfs it is the pool, otherwise the pool image is mounted on it. */
  @WithDefault("/var/lib/joblet/volumes")
  String volumesDirectory();

  /** Where jobs' directories lie. */
  @WithDefault("/opt/joblet/jobs")
  String jobsDirectory();

  /** Everything else the daemon keeps: the embedded database, the pool image. */
  @WithDefault("/var/lib/joblet")
  String stateDirectory();

  /** Lock and runtime files; must not outlive a reboot. */
  @WithDefault("/run/joblet")
  String runDirectory();

  /** The Unix socket of gRPC, health and metrics; mode 0600 in a directory of mode 0700. */
  @WithDefault("/run/joblet/storage.sock")
  String socket();

  /** The owner of what is made over the Unix socket. */
  @WithDefault("root")
  @WithConverter(OwnerNameConverter.class)
  OwnerName socketOwner();

  /**
   * Whether a start with a new database and a pool that has volumes waits for {@code rnx admin
   * recover} instead of being refused.
   */
  @WithDefault("false")
  boolean recover();

  Tls tls();

  Database database();

  Pool pool();

  Filesystem filesystem();

  Memory memory();

  Trash trash();

  Sweep sweep();

  Usage usage();

  Limits limits();

  Job job();

  /** gRPC over TCP, by mutual TLS 1.3; off until an address is set. */
  interface Tls {
    /** Where to listen, e.g. {@code 0.0.0.0:50051}; empty: on the Unix socket alone. */
    Optional<String> address();

    /** The server's certificate and those up to its CA, PEM. */
    Optional<String> certificate();

    /** Its private key, PEM (PKCS #8), readable by its owner alone. */
    Optional<String> key();

    /** The CA that client certificates must come from, PEM. */
    Optional<String> ca();

    /** Certificates of that CA that are good no more: its CRLs (RFC 5280); read when it changes. */
    Optional<String> revoked();
  }

  /** Where rows live. */
  interface Database {
    /** JDBC URL of an external PostgreSQL 15 or newer; empty starts the embedded one. */
    Optional<String> url();

    Optional<String> username();

    Optional<String> password();

    /** Processes of the embedded PostgreSQL run as this uid, which should belong to nobody else. */
    @WithDefault("64747")
    @WithConverter(CountConverter.class)
    int embeddedUid();

    /** Whether the role joblet_report of the embedded PostgreSQL can log in. */
    @WithDefault("false")
    boolean reportAccess();

    /** How long a start waits for an external PostgreSQL before it gives up. */
    @WithDefault("10m")
    @WithConverter(IntervalConverter.class)
    Duration startTimeout();
  }

  /** The btrfs pool. */
  interface Pool {
    /** The pool image's size, allocated at once, when the volumes directory is not on btrfs. */
    @WithDefault("8GiB")
    @WithConverter(SizeConverter.class)
    Size size();

    /** Free space that no creation may touch; the trash is purged early to keep it. */
    @WithDefault("256MiB")
    @WithConverter(SizeConverter.class)
    Size reserve();

    /**
     * Sum of all volume sizes, trash included, as a multiple of the pool's size; 0 means no bound.
     * Above 1, volumes can fill the pool before they reach their own limits.
     */
    @WithDefault("0")
    @WithConverter(RatioConverter.class)
    double maxOvercommit();
  }

  /** Volumes on disk. */
  interface Filesystem {
    /** {@code auto}, {@code btrfs}, {@code loop} or {@code directory} (never enforced). */
    @WithDefault("auto")
    String provider();

    /** Allows volumes whose size nothing enforces, where nothing can. */
    @WithDefault("false")
    boolean allowUnenforced();

    @WithDefault("1MiB")
    @WithConverter(SizeConverter.class)
    Size minSize();

    @WithDefault("1TiB")
    @WithConverter(SizeConverter.class)
    Size maxSize();
  }

  /** Volumes in memory. */
  interface Memory {
    @WithDefault("4KiB")
    @WithConverter(SizeConverter.class)
    Size minSize();

    @WithDefault("4GiB")
    @WithConverter(SizeConverter.class)
    Size maxSize();

    /** Sum of the sizes of all memory volumes; a quarter of the host's memory if empty. */
    Optional<@WithConverter(SizeConverter.class) Size> budget();

    /** A memory volume not attached for so long is deleted; a volume may bring its own. */
    @WithDefault("1h")
    @WithConverter(SpanConverter.class)
    Duration idleTimeout();

    /** Bytes of size for each inode of a memory volume that names no inode limit. */
    @WithDefault("4KiB")
    @WithConverter(SizeConverter.class)
    Size bytesPerInode();
  }

  /** Deleted volumes. */
  interface Trash {
    /** How long a volume that is deleted now can be had back; 0 purges at once. */
    @WithDefault("1h")
    @WithConverter(SpanConverter.class)
    Duration retention();
  }

  /** Background work. */
  interface Sweep {
    /** How often idle volumes, orphans and the trash are looked at. */
    @WithDefault("30s")
    @WithConverter(IntervalConverter.class)
    Duration interval();

    /** How often rows left in a transitional state are settled. */
    @WithDefault("5s")
    @WithConverter(IntervalConverter.class)
    Duration settleInterval();

    /** How long records of operations, past attachments and ended jobs are kept. */
    @WithDefault("90d")
    @WithConverter(SpanConverter.class)
    Duration historyRetention();
  }

  /** Records of who uses how much. */
  interface Usage {
    /** How often the use of all volumes is read. */
    @WithDefault("1m")
    @WithConverter(IntervalConverter.class)
    Duration interval();

    /** How long single samples are kept, by whole days. */
    @WithDefault("7d")
    @WithConverter(SpanConverter.class)
    Duration retention();

    /** How long hours are kept, by whole months. */
    @WithDefault("30d")
    @WithConverter(SpanConverter.class)
    Duration hourlyRetention();

    /** How long days are kept, by whole months, and what is known of volumes that are gone. */
    @WithDefault("730d")
    @WithConverter(SpanConverter.class)
    Duration dailyRetention();
  }

  /** Bounds on what one caller can ask for. */
  interface Limits {
    /** Attachments of one job. */
    @WithDefault("64")
    @WithConverter(CountConverter.class)
    int mountsPerJob();

    /** All attachments of this host; the kernel's fs.mount-max is 100,000. */
    @WithDefault("20000")
    @WithConverter(CountConverter.class)
    int mounts();

    /** Jobs with a root file system; each takes about six mounts. */
    @WithDefault("4000")
    @WithConverter(CountConverter.class)
    int jobs();

    /** Labels of one volume. */
    @WithDefault("64")
    @WithConverter(CountConverter.class)
    int labelsPerVolume();

    /**
     * Host transactions at the same time. Most of those under way wait for the disk, and those that
     * wait together share one sync, so many threads make each sync worth more.
     */
    @WithDefault("32")
    @WithConverter(CountConverter.class)
    int hostThreads();

    /** Longest run of a helper program such as mkfs.ext4. */
    @WithDefault("60s")
    @WithConverter(IntervalConverter.class)
    Duration helperTimeout();
  }

  /** What a job with a root file system gets unless it asks for something else. */
  interface Job {
    /** Whom commands run as, and whose a volume is, unless the request says otherwise. */
    @WithDefault("65534")
    @WithConverter(UnixIdConverter.class)
    long uid();

    /** The same, of the group. */
    @WithDefault("65534")
    @WithConverter(UnixIdConverter.class)
    long gid();

    /** What the {@code /etc} of jobs is copied from: certificates, resolver, time zone, loader. */
    @WithDefault("/etc")
    String etc();

    /** The tmpfs at {@code /work}. */
    @WithDefault("1MiB")
    @WithConverter(SizeConverter.class)
    Size workSize();

    /** The tmpfs at {@code /tmp}. */
    @WithDefault("16MiB")
    @WithConverter(SizeConverter.class)
    Size tmpSize();

    /** The tmpfs at {@code /dev/shm}. */
    @WithDefault("16MiB")
    @WithConverter(SizeConverter.class)
    Size shmSize();

    /** Most processes and threads of one job at the same time. */
    @WithDefault("1024")
    @WithConverter(CountConverter.class)
    int pidsLimit();

    /** The most that a job can ask for. */
    @WithDefault("32768")
    @WithConverter(CountConverter.class)
    int maxPidsLimit();

    /** How much output of one job is kept; the oldest goes first. */
    @WithDefault("4MiB")
    @WithConverter(SizeConverter.class)
    Size logSize();

    /** The largest log that a job can ask for. */
    @WithDefault("1GiB")
    @WithConverter(SizeConverter.class)
    Size maxLogSize();

    /** How long the output of an ended job is kept. */
    @WithDefault("7d")
    @WithConverter(SpanConverter.class)
    Duration logRetention();
  }
}
