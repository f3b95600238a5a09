package io.joblet.storage.faults;

import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.VolumeMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An operation that is interrupted.
 *
 * @param arrange what there must be before
 * @param act the one call under test
 * @param before what has befallen the daemon by then
 */
record Scenario(String name, Call arrange, Call act, Before before) {
  private static final long MIB = 1 << 20;
  private static final long SIZE = 4 * MIB;
  private static final Call NOTHING = (client, id) -> {};

  /** What comes before a call. */
  enum Before {
    NOTHING,
    /**
     * What all jobs share has never been made, or is gone, so that the call makes it. Comes before
     * what is arranged.
     */
    REBOOT,
    /** Somebody has taken mounts away. One that fails to be mended is told, and left as it is. */
    MOUNTS_GONE,
    /** A start with a new database, which waits for what is done about the pool. */
    DATABASE_LOST,
    /** The same with a pool that does not say whose it is: the start has set all aside. */
    POOL_UNKNOWN;

    /** Whether nothing is in order before the call, so that no start can bring it about. */
    boolean lost() {
      return this == DATABASE_LOST || this == POOL_UNKNOWN;
    }

    /** Whether nothing but the same call once more puts in order what it left. */
    boolean mendedByTheSameCall() {
      return lost() || this == MOUNTS_GONE;
    }
  }

  Scenario(String name, Call arrange, Call act) {
    this(name, arrange, act, Before.NOTHING);
  }

  /** The same with another call. */
  Scenario acting(Call other) {
    return new Scenario(name, arrange, other, before);
  }

  /** What a client does; all names it uses begin with {@code id}, and the job is called so. */
  interface Call {
    void make(Client client, String id);

    default Call then(Call next) {
      return (client, id) -> {
        make(client, id);
        next.make(client, id);
      };
    }
  }

  static List<Scenario> all() {
    List<Scenario> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      Call create = (client, id) -> client.create(kind, id + "-" + kind, SIZE);
      Call attach = (client, id) -> client.attach(id + "-" + kind, id);
      Call detach = (client, id) -> client.detach(id + "-" + kind, id);
      Call delete = (client, id) -> client.delete(id + "-" + kind, false);
      Call undelete = (client, id) -> client.undelete(id + "-" + kind);
      Call purge = (client, id) -> client.delete(id + "-" + kind, true);
      Call grow = (client, id) -> client.resize(id + "-" + kind, 2 * SIZE);
      all.add(new Scenario("create " + kind, NOTHING, create));
      if (kind != Kind.MEMORY) {
        // What is in memory has no data to be moved, and is purged where the others are deleted.
        all.add(new Scenario("delete " + kind, create, delete));
        all.add(new Scenario("undelete " + kind, create.then(delete), undelete));
        all.add(new Scenario("purge " + kind, create.then(attach).then(detach), purge));
      }
      all.add(new Scenario("attach " + kind, create, attach));
      all.add(new Scenario("detach " + kind, create.then(attach), detach));
      // An image grows without asking for a capability while it is not mounted.
      Call held = kind == Kind.LOOP ? create : create.then(attach);
      all.add(new Scenario("resize " + kind, held, grow));
      if (kind == Kind.LOOP) {
        Call shrink = (client, id) -> client.resize(id + "-" + kind, SIZE / 2);
        all.add(new Scenario("shrink " + kind, held, shrink));
      }
      all.add(new Scenario("forced delete " + kind, create.then(attach), delete));
    }
    // What a volume is said to be is in a file beside its data, too.
    Call create = (client, id) -> client.create(Kind.BTRFS, id, SIZE);
    all.add(new Scenario("update", create, (client, id) -> client.label(id, "of", id)));
    all.add(new Scenario("share", create, (client, id) -> client.share(id, "bob")));
    Call prepare = Scenario::prepare;
    all.add(new Scenario("prepare", createEach(), prepare));
    all.add(new Scenario("cleanup", createEach().then(prepare), Scenario::cleanUp));
    return all;
  }

  /** What there is for subvolumes, where the daemon makes plain directories in their place. */
  static List<Scenario> onDirectories() {
    String kind = Kind.BTRFS.toString();
    return all().stream()
        .filter(s -> s.name.endsWith(kind))
        .map(s -> new Scenario(s.name.replace(kind, "directory"), s.arrange, s.act, s.before))
        .toList();
  }

  /** A volume of each kind. */
  static Call createEach() {
    return (client, id) -> {
      for (Kind kind : Kind.values()) {
        client.create(kind, id + "-" + kind, SIZE);
      }
    };
  }

  /** For one of each; returns where they are on the host. */
  static List<Path> prepare(Client client, String id) {
    return prepare(client, id, Liveness.newBuilder().setUntilCleanup(true).build());
  }

  static List<Path> prepare(Client client, String id, Liveness liveness) {
    PrepareVolumesRequest.Builder request =
        PrepareVolumesRequest.newBuilder().setJobId(id).setLiveness(liveness);
    for (Kind kind : Kind.values()) {
      request.addVolumes(VolumeMount.newBuilder().setVolume(id + "-" + kind));
    }
    return client.volumes().prepareVolumes(request.build()).getAttachmentsList().stream()
        .map(attachment -> Path.of(attachment.getHostPath()))
        .toList();
  }

  static void cleanUp(Client client, String id) {
    client.cleanUp(id);
  }

  @Override
  public String toString() {
    return name;
  }
}
