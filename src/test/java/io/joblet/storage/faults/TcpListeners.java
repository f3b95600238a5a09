package io.joblet.storage.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** On which local addresses a process listens by TCP. */
public final class TcpListeners {
  private static final String LISTEN = "0A";

  private TcpListeners() {}

  /** As address and port in the kernel's hexadecimal, proc_net(5). */
  public static List<String> of(long pid) throws IOException {
    Set<String> own;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      own = descriptors.map(TcpListeners::target).collect(Collectors.toSet());
    }
    List<String> listening = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields[3].equals(LISTEN) && own.contains("socket:[" + fields[9] + "]")) {
          listening.add(fields[1]);
        }
      }
    }
    return listening;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }
}
