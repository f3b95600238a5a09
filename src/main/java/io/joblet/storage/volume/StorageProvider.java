package io.joblet.storage.volume;

import io.joblet.storage.host.HostPlan;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A backend for volumes. It touches nothing: from a row it computes plans, and asks the host
 * nothing while it does so. The same row gives the same plan in every life of the daemon.
 *
 * <p>The life of a volume, and the plan of each step:
 *
 * <ol>
 *   <li>{@link #create} is applied once while CREATING, and undone when it fails or was
 *       interrupted. It must not be applied to a volume that has been AVAILABLE: what is missing
 *       then is LOST.
 *   <li>{@link #stage} is applied before the first attachment of a volume and undone after the
 *       last; it makes {@code Layout.volume(id)} show the data. Backends whose data is always there
 *       have an empty one. It is applied again after a reboot while attachments live.
 *   <li>{@link #resize} is applied while UPDATING, also over a stage, and again after a crash.
 *   <li>{@link #trash} is applied while DELETING and undone while UNDELETING: data out of the way
 *       and back. The volume is not staged then.
 *   <li>{@link #purge} is applied while PURGING, forward only, however often, wherever the data is.
 * </ol>
 *
 * <p>{@link #standing} is what the host must have for every volume that is AVAILABLE or TRASHED, so
 * that a start can put it right: limits and mounts, never data. What a backend cannot do
 * (snapshots, one day) is a capability it does not declare, not a method that throws.
 *
 * <p>Every provider passes one contract suite, {@code StorageProviderContract}.
 */
public interface StorageProvider {
  ProviderName name();

  /** Why volumes cannot be made by it on this host, or empty. */
  Optional<String> unavailable();

  /** Whether an inode limit would hold. */
  boolean limitsInodes();

  /**
   * Whether a size can be made smaller while a job has the volume, and {@link #usedBytes} says how
   * small. Otherwise only while nobody has it; the plan then takes room for both sizes and is
   * refused by the host when what is in the volume does not fit.
   */
  boolean shrinksInUse();

  HostPlan create(Volume volume);

  HostPlan standing(Volume volume);

  HostPlan stage(Volume volume);

  /** From {@code sizeBytes} to {@code wantedSizeBytes}. */
  HostPlan resize(Volume volume);

  HostPlan trash(Volume volume);

  HostPlan purge(Volume volume);

  /** Whether the data of an AVAILABLE volume is where the row says. Asks the host. */
  boolean present(Volume volume);

  /** What the volume uses, as the kernel counts it; empty if nothing can say now. Asks the host. */
  Optional<Long> usedBytes(Volume volume);

  /**
   * What each of many volumes uses, without those of which nothing can tell now. As cheap as the
   * kernel allows, however many they are; never by walking a tree. Asks the host.
   */
  List<Use> use(Collection<Volume> volumes);
}
