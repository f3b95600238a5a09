package io.joblet.storage.rest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Text that is UTF-8, or none: what is not is never read as if it were something else. */
final class Utf8 {
  private Utf8() {}

  /**
   * Reads it.
   *
   * @throws CharacterCodingException for what is none
   */
  static String text(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /** Whether the bytes that an address escapes, such as {@code %C3%A4}, are text. */
  static boolean isEscaped(String address) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < address.length(); i++) {
      if (isEscape(address, i)) {
        bytes.write(HexFormat.fromHexDigits(address, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(' ');
      }
    }
    try {
      text(bytes.toByteArray());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static boolean isEscape(String address, int at) {
    return address.charAt(at) == '%'
        && at + 2 < address.length()
        && HexFormat.isHexDigit(address.charAt(at + 1))
        && HexFormat.isHexDigit(address.charAt(at + 2));
  }
}
