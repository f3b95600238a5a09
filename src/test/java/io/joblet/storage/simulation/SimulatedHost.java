package io.joblet.storage.simulation;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.GrowImage;
import io.joblet.storage.host.HostOperation.HoldInQgroup;
import io.joblet.storage.host.HostOperation.LimitJobIo;
import io.joblet.storage.host.HostOperation.LimitQgroup;
import io.joblet.storage.host.HostOperation.LimitTmpfs;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MakeImage;
import io.joblet.storage.host.HostOperation.MakeJobCgroup;
import io.joblet.storage.host.HostOperation.MakeQgroup;
import io.joblet.storage.host.HostOperation.MakeSubvolume;
import io.joblet.storage.host.HostOperation.MountImage;
import io.joblet.storage.host.HostOperation.MountJobRoot;
import io.joblet.storage.host.HostOperation.MountTmpfs;
import io.joblet.storage.host.HostOperation.Move;
import io.joblet.storage.host.HostOperation.PurgeDirectory;
import io.joblet.storage.host.HostOperation.PurgeSubvolume;
import io.joblet.storage.host.HostOperation.RemoveFile;
import io.joblet.storage.host.HostOperation.RemoveQgroup;
import io.joblet.storage.host.HostOperation.SetOwnership;
import io.joblet.storage.host.HostOperation.ShrinkImage;
import io.joblet.storage.host.HostOperation.SwitchQuotasOn;
import io.joblet.storage.host.HostOperation.Sync;
import io.joblet.storage.host.HostOperation.WriteFile;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.simulation.HostState.Entry;
import io.joblet.storage.simulation.HostState.Mount;

/**
 * The kernel's part, in memory: what each {@link HostOperation} promises, its undo, and what fate
 * makes of it. It does what {@code LinuxHost} documents and shares no code with it.
 */
final class SimulatedHost extends SimulatedQuestions {
  private final HostState state;
  private final Points points;

  SimulatedHost(HostState state, Points points) {
    super(state);
    this.state = state;
    this.points = points;
  }

  @Override
  public void apply(HostOperation operation) {
    perform("apply", operation, false, () -> make(operation));
  }

  @Override
  public void undo(HostOperation operation) {
    perform("undo", operation, true, () -> unmake(operation));
  }

  private void perform(String way, HostOperation operation, boolean undo, Runnable effect) {
    points.pass();
    points.tell(way + " " + operation.getClass().getSimpleName());
    Fate.Refusal refusal = points.fate().refuses(operation, undo);
    if (refusal != null && !refusal.afterwards()) {
      points.tell("refused: " + refusal.failure().errno());
      throw refusal.failure();
    }
    effect.run();
    if (refusal != null) {
      points.tell("refused after it was done: " + refusal.failure().errno());
      throw refusal.failure();
    }
    points.pass();
  }

  private void make(HostOperation operation) {
    switch (operation) {
      case MakeDirectory m -> makeDirectory(m.path());
      case MakeQgroup m -> state.qgroups.put(m.qgroup(), m.limitBytes());
      case HoldInQgroup h -> state.qgroups.put(h.qgroup(), h.limitBytes());
      case SwitchQuotasOn s -> {}
      case LimitQgroup l -> limit(l.qgroup(), l.limitBytes());
      case MakeSubvolume m -> makeSubvolume(m);
      case SetOwnership s -> require(s.path());
      case Sync s -> sync(s.root());
      case Move m -> move(m.from(), m.to());
      case MakeImage m -> {
        state.entries.putIfAbsent(
            m.image().toString(), new Entry("image", 0, m.sizeBytes(), state.number()));
        state.stable.sync(state, m.image().toString());
      }
      case MountImage m -> mountImage(m);
      case GrowImage g -> resize(g.image(), g.sizeBytes());
      case ShrinkImage s -> {
        if (state.mounts.containsKey(s.target().toString())) {
          throw new HostException("mounted", "EBUSY");
        }
        resize(s.image(), s.sizeBytes());
      }
      case MountTmpfs m -> {
        require(m.target());
        mount(m.target(), "tmpfs", m.target(), m.sizeBytes(), false);
      }
      case LimitTmpfs l -> limit(l.target(), l.sizeBytes());
      case BindMount b -> bind(b);
      case WriteFile w -> state.write(w.path().toString(), w.content());
      case PurgeSubvolume p -> state.entries.remove(p.path().toString());
      case RemoveQgroup r -> state.qgroups.remove(r.qgroup());
      case RemoveFile r -> state.entries.remove(r.path().toString());
      case PurgeDirectory p -> {
        state.forgetBelow(p.path().toString());
        state.entries.remove(p.path().toString());
      }
      case MountJobRoot m -> {
        require(m.target());
        mount(m.target(), "root", m.target(), m.root().workBytes(), false);
      }
      case MakeJobCgroup m -> throw new AssertionError("no commands are run here");
      case LimitJobIo l -> {}
    }
  }

  private void unmake(HostOperation operation) {
    switch (operation) {
      case MakeDirectory m -> removeDirectory(m.path());
      case MakeQgroup m -> state.qgroups.remove(m.qgroup());
      case LimitQgroup l -> limit(l.qgroup(), l.formerLimitBytes());
      case MakeSubvolume m -> state.entries.remove(m.path().toString());
      case HoldInQgroup h -> {}
      case SwitchQuotasOn s -> {}
      case SetOwnership s -> {}
      case Sync s -> {}
      case Move m -> move(m.to(), m.from());
      case MakeImage m -> state.entries.remove(m.image().toString());
      case MountImage m -> unmount(m.target(), "image");
      case GrowImage g -> requireSize(g.image(), g.formerSizeBytes());
      case ShrinkImage s -> requireSize(s.image(), s.formerSizeBytes());
      case MountTmpfs m -> unmount(m.target(), "tmpfs");
      case LimitTmpfs l -> limit(l.target(), l.formerSizeBytes());
      case BindMount b -> unmount(b.target(), "bind");
      case MountJobRoot m -> {
        if (state.hasMountBelow(m.target().toString())) {
          throw new HostException("a volume is mounted in it", "EBUSY");
        }
        if (state.mounts.containsKey(m.target().toString())) {
          state.forgetBelow(m.target().toString());
        }
        unmount(m.target(), "root");
      }
      case LimitJobIo l -> {}
      case MakeJobCgroup m -> throw new AssertionError("no commands are run here");
      case WriteFile w -> state.entries.remove(w.path().toString());
      case PurgeSubvolume p -> {}
      case RemoveQgroup r -> {}
      case RemoveFile r -> {}
      case PurgeDirectory p -> {}
    }
  }

  private void sync(ManagedRoot root) {
    if (root == ManagedRoot.VOLUMES && !points.has(Flaw.SYNC_FORGOTTEN)) {
      state.stable.sync(state);
    }
  }

  private void require(ManagedPath path) {
    if (!exists(path)) {
      throw new HostException(path + " is not there", "ENOENT");
    }
  }

  private void makeDirectory(ManagedPath path) {
    if (exists(path)) {
      return;
    }
    int slash = path.relative().lastIndexOf('/');
    if (slash >= 0) {
      require(ManagedPath.of(path.root(), path.relative().substring(0, slash)));
    }
    state.entries.put(path.toString(), new Entry("directory", 0, 0, state.number()));
  }

  private void removeDirectory(ManagedPath path) {
    Entry there = state.entries.get(path.toString());
    if (there != null
        && there.kind().equals("directory")
        && !state.mounts.containsKey(path.toString())
        && !state.hasBelow(path.toString())) {
      state.entries.remove(path.toString());
    }
  }

  private void makeSubvolume(MakeSubvolume step) {
    if (!state.qgroups.containsKey(step.qgroup())) {
      throw new HostException("no such group", "ENOENT");
    }
    state.entries.putIfAbsent(
        step.path().toString(), new Entry("subvolume", step.qgroup(), 0, state.number()));
  }

  private void limit(long qgroup, long bytes) {
    if (state.qgroups.replace(qgroup, bytes) == null) {
      throw new HostException("no such group", "ENOENT");
    }
  }

  private void limit(ManagedPath tmpfs, long bytes) {
    state.mounts.computeIfPresent(
        tmpfs.toString(),
        (t, m) -> new Mount(m.id(), m.kind(), m.source(), bytes, m.readOnly(), m.device()));
  }

  private void move(ManagedPath from, ManagedPath to) {
    Entry thing = state.entries.get(from.toString());
    if (thing == null) {
      require(to);
      return;
    }
    if (exists(to)) {
      throw new HostException("both are there", "EEXIST");
    }
    if (state.mounts.containsKey(from.toString())) {
      throw new HostException("it is a mount point", "EBUSY");
    }
    state.entries.remove(from.toString());
    state.entries.put(to.toString(), thing);
  }

  private void resize(ManagedPath image, long size) {
    require(image);
    state.entries.computeIfPresent(
        image.toString(), (p, e) -> new Entry(e.kind(), e.qgroup(), size, e.born()));
    state.stable.sync(state, image.toString());
  }

  private void requireSize(ManagedPath image, long size) {
    Entry there = state.entries.get(image.toString());
    if (there == null || there.size() != size) {
      throw new HostException("only going on makes sense", "EINVAL");
    }
  }

  private void mountImage(MountImage step) {
    require(step.image());
    require(step.target());
    mount(step.target(), "image", step.image(), 0, false);
  }

  private void bind(BindMount step) {
    require(step.source());
    require(step.target());
    if (step.mounted() && !state.mounts.containsKey(step.source().toString())) {
      throw new HostException("the source is not mounted", "ESTALE");
    }
    Mount there = state.mounts.get(step.target().toString());
    if (there != null && !there.source().equals(step.source().toString())) {
      throw new HostException("something else is mounted there", "EBUSY");
    }
    mount(step.target(), "bind", step.source(), 0, step.readOnly());
  }

  private void mount(
      ManagedPath target, String kind, ManagedPath source, long size, boolean readOnly) {
    long number = state.number();
    long device = kind.equals("bind") ? deviceOf(source) : number;
    state.mounts.putIfAbsent(
        target.toString(), new Mount(number, kind, source.toString(), size, readOnly, device));
  }

  private long deviceOf(ManagedPath source) {
    Mount stage = state.mounts.get(source.toString());
    return stage == null ? 0 : stage.device();
  }

  private void unmount(ManagedPath target, String kind) {
    Mount there = state.mounts.get(target.toString());
    if (there == null || points.has(Flaw.UNMOUNT_FORGOTTEN)) {
      return;
    }
    if (!there.kind().equals(kind)) {
      throw new HostException("something else is mounted there", "EBUSY");
    }
    state.mounts.remove(target.toString());
  }
}
