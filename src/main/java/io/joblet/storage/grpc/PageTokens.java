package io.joblet.storage.grpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.joblet.storage.config.OwnerName;
import io.joblet.storage.problem.Checks;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Pages of things that are listed by id, and of reports, whose rows are counted. */
final class PageTokens {
  private static final int DEFAULT_SIZE = 50;
  private static final int LARGEST_SIZE = 1000;
  private static final int BYTES = 16;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{22}");

  private PageTokens() {}

  static int size(Checks checks, int wanted) {
    checks.require(
        wanted >= 0 && wanted <= LARGEST_SIZE,
        "page_size",
        "must be from 1 to " + LARGEST_SIZE + ", or 0 for " + DEFAULT_SIZE);
    return wanted == 0 ? DEFAULT_SIZE : wanted;
  }

  /** Where the next page begins. */
  static String of(UUID last) {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(last.getMostSignificantBits()).putLong(last.getLeastSignificantBits());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  static Optional<UUID> read(Checks checks, String token) {
    return token.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(checks.value("page_token", () -> parse(token)));
  }

  /** Where the next page of a report begins. */
  static String ofOffset(long offset) {
    return of(new UUID(0, offset));
  }

  /** 0 without a token. */
  static long readOffset(Checks checks, String token) {
    UUID read = read(checks, token).orElse(new UUID(0, 0));
    checks.require(
        read.getMostSignificantBits() == 0 && read.getLeastSignificantBits() >= 0,
        "page_token",
        "is not one that an earlier answer gave");
    return read.getLeastSignificantBits();
  }

  /** Where the next page of things begins that are listed by an owner's name. */
  static String ofName(String last) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(last.getBytes(US_ASCII));
  }

  static Optional<String> readName(Checks checks, String token) {
    return token.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(checks.value("page_token", () -> parseName(token)));
  }

  private static String parseName(String token) {
    try {
      return new OwnerName(new String(Base64.getUrlDecoder().decode(token), US_ASCII)).text();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is not one that an earlier answer gave", e);
    }
  }

  private static UUID parse(String token) {
    if (!FORM.matcher(token).matches()) {
      throw new IllegalArgumentException("is not one that an earlier answer gave");
    }
    ByteBuffer buffer = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}
