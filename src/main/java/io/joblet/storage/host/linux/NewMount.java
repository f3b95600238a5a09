package io.joblet.storage.host.linux;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A file system made detached by fsopen(2) and fsmount(2). Options travel one by one, so that no
 * comma in a value can become another option.
 */
final class NewMount {
  private static final int LOG_LINE = 4096;

  private NewMount() {}

  /**
   * @param options in the order in which they are set; an empty value sets a flag
   * @param attributes of the mount, {@code MountCalls.ATTR_*}
   */
  static Descriptor make(String type, Map<String, String> options, long attributes) {
    try (Descriptor context = MountCalls.fsopen(type)) {
      try {
        configure(context, options);
        MountCalls.fsconfig(context, MountCalls.FSCONFIG_CMD_CREATE, null, null);
        return MountCalls.fsmount(context, attributes);
      } catch (KernelRefusal e) {
        throw explained(context, e);
      }
    }
  }

  /** Changes options of the superblock that {@code mounted} is on. */
  static void reconfigure(Descriptor mounted, Map<String, String> options) {
    try (Descriptor context = MountCalls.fspick(mounted)) {
      try {
        configure(context, options);
        MountCalls.fsconfig(context, MountCalls.FSCONFIG_CMD_RECONFIGURE, null, null);
      } catch (KernelRefusal e) {
        throw explained(context, e);
      }
    }
  }

  private static void configure(Descriptor context, Map<String, String> options) {
    options.forEach((key, value) -> {
      if (value.isEmpty()) {
        MountCalls.fsconfig(context, MountCalls.FSCONFIG_SET_FLAG, key, null);
      } else {
        MountCalls.fsconfig(context, MountCalls.FSCONFIG_SET_STRING, key, value);
      }
    });
  }

  /** The file system leaves its reason in the context, one line for each read. */
  private static KernelRefusal explained(Descriptor context, KernelRefusal refusal) {
    byte[] line = new byte[LOG_LINE];
    try {
      int length = Syscalls.read(context.fd(), line);
      return refusal.because(new String(line, 0, length, StandardCharsets.UTF_8).strip());
    } catch (KernelRefusal noReason) {
      return refusal;
    }
  }
}
