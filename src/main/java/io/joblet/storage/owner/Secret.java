package io.joblet.storage.owner;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The secret of a token: 256 random bits, written as {@code jbt_} and 43 characters of base64url.
 */
final class Secret {
  private static final String PREFIX = "jbt_";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] bits;

  private Secret(byte[] bits) {
    this.bits = bits;
  }

  static Secret make() {
    byte[] bits = new byte[BYTES];
    RANDOM.nextBytes(bits);
    return new Secret(bits);
  }

  /** Empty for what cannot be one. */
  static Optional<Secret> read(String text) {
    return FORM.matcher(text).matches()
        ? Optional.of(
            new Secret(
                Arrays.copyOf(
                    Base64.getUrlDecoder().decode(text.substring(PREFIX.length())), BYTES)))
        : Optional.empty();
  }

  String text() {
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  byte[] sha256() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bits);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
