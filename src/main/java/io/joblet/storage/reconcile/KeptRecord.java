package io.joblet.storage.reconcile;

import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A record that this daemon cannot use, set aside before a new one takes its place: a person or a
 * newer daemon may read owner, name and labels in it.
 */
final class KeptRecord {
  private static final Pattern NUMBER = Pattern.compile("\\.[1-9][0-9]*$");

  private KeptRecord() {}

  /**
   * A place for it that is free.
   *
   * @param quarantine the names there
   */
  static ManagedPath place(UUID id, Set<String> quarantine) {
    String name = id + Layout.RECORD;
    for (int i = 2; quarantine.contains(name); i++) {
      name = id + Layout.RECORD + "." + i;
    }
    return ManagedPath.of(ManagedRoot.VOLUMES, Layout.QUARANTINE + "/" + name);
  }

  /** Whether something in the quarantine is one, by its name. */
  static boolean is(String name) {
    return RecordCheck.volumeId(NUMBER.matcher(name).replaceFirst("")).isPresent();
  }
}
