package io.joblet.storage.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * The passwords of the superuser and of the owner, 256 random bits each, in a file that libpq reads
 * too (PGPASSFILE; the format is in PostgreSQL's manual, "The Password File").
 */
final class Passwords {
  static final String SUPERUSER = "postgres";
  static final String OWNER = "joblet";
  private static final int USER = 3;
  private static final int PASSWORD = 4;

  private final Map<String, String> byUser;

  private Passwords(Map<String, String> byUser) {
    this.byUser = byUser;
  }

  String of(String user) {
    return byUser.get(user);
  }

  /** Makes the file, durably, before any cluster is made with what it holds. */
  static Passwords createOrRead(Path file) throws IOException {
    if (!Files.exists(file)) {
      Durable.write(file, line(SUPERUSER) + line(OWNER), "rw-------");
    }
    return read(file);
  }

  static Passwords read(Path file) throws IOException {
    Map<String, String> byUser = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split(":", -1);
      if (fields.length == PASSWORD + 1) {
        byUser.putIfAbsent(fields[USER], fields[PASSWORD]);
      }
    }
    if (!byUser.containsKey(SUPERUSER) || !byUser.containsKey(OWNER)) {
      throw new PostgresException(
          "read passwords: " + file + " lacks " + SUPERUSER + " or " + OWNER);
    }
    return new Passwords(byUser);
  }

  private static String line(String user) {
    return "127.0.0.1:*:*:" + user + ":" + random() + "\n";
  }

  /** 256 bits, in characters that need no quotes anywhere. */
  static String random() {
    byte[] bits = new byte[32];
    new SecureRandom().nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  @Override
  public String toString() {
    return "passwords of " + byUser.keySet();
  }
}
