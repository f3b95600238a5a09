package io.joblet.storage.grpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.joblet.storage.config.OwnerName;
import io.joblet.storage.problem.Checks;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Where the next page of a list begins: a token of one list is refused by every other. */
enum PageTokens {
  VOLUMES('v'),
  JOBS('j'),
  AUDIT('a'),
  OWNERS('o'),
  SHARES('s'),
  USAGE('u'),
  IDLE('i'),
  GROWTH('g'),
  OPERATIONS('p');

  private static final int DEFAULT_SIZE = 50;
  private static final int LARGEST_SIZE = 1000;

  private final byte list;

  PageTokens(char list) {
    this.list = (byte) list;
  }

  static int size(Checks checks, int wanted) {
    checks.require(
        wanted >= 0 && wanted <= LARGEST_SIZE,
        "page_size",
        "must be from 1 to " + LARGEST_SIZE + ", or 0 for " + DEFAULT_SIZE);
    return wanted == 0 ? DEFAULT_SIZE : wanted;
  }

  /** For things that are listed by id. */
  String of(UUID last) {
    return token(
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(last.getMostSignificantBits())
            .putLong(last.getLeastSignificantBits())
            .array());
  }

  Optional<UUID> read(Checks checks, String token) {
    return read(checks, token, 2 * Long.BYTES, at -> new UUID(at.getLong(), at.getLong()));
  }

  /** For reports, whose rows are counted. */
  String of(long offset) {
    return token(ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
  }

  /** 0 without a token. */
  long readOffset(Checks checks, String token) {
    return read(checks, token, Long.BYTES, PageTokens::offset).orElse(0L);
  }

  /** For things that are listed by an owner's name. */
  String of(String last) {
    return token(last.getBytes(US_ASCII));
  }

  Optional<String> readName(Checks checks, String token) {
    return read(checks, token, 0, at -> new OwnerName(US_ASCII.decode(at).toString()).text());
  }

  private String token(byte[] last) {
    byte[] bytes = ByteBuffer.allocate(1 + last.length).put(list).put(last).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static long offset(ByteBuffer at) {
    long offset = at.getLong();
    if (offset < 0) {
      throw new IllegalArgumentException("before the first row");
    }
    return offset;
  }

  /**
   * What a token says; empty without one.
   *
   * @param length of what it says in bytes; 0 for any
   */
  private <T> Optional<T> read(
      Checks checks, String token, int length, Function<ByteBuffer, T> last) {
    return token.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(checks.value("page_token", () -> parse(token, length, last)));
  }

  private <T> T parse(String token, int length, Function<ByteBuffer, T> last) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
      if (!bytes.hasRemaining()
          || bytes.get() != list
          || (length != 0 && bytes.remaining() != length)) {
        throw new IllegalArgumentException("of another list");
      }
      return last.apply(bytes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is not one that an earlier answer gave", e);
    }
  }
}
