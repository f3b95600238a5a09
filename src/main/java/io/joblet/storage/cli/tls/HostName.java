package io.joblet.storage.cli.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.bouncycastle.util.IPAddress;
import picocli.CommandLine.TypeConversionException;

/** By what a daemon is reached: a DNS name (RFC 1123, section 2.1) or an IP address. */
public record HostName(String text) {
  private static final int LONGEST = 253;
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
  private static final Pattern NUMBERS = Pattern.compile("(?:.*\\.)?[0-9]+");

  /** Reads one. */
  public static HostName of(String text) {
    if (isAddress(text) || isName(text)) {
      return new HostName(text);
    }
    throw new TypeConversionException("'" + text + "' is neither a DNS name nor an IP address");
  }

  /** What ends with a number is meant as an address. */
  private static boolean isName(String text) {
    return text.length() <= LONGEST
        && NAME.matcher(text).matches()
        && !NUMBERS.matcher(text).matches();
  }

  static boolean isAddress(String text) {
    return IPAddress.isValidIPv4(text) || IPAddress.isValidIPv6(text);
  }

  /** The same for the same host, however it is written. */
  static String canonical(String text) {
    if (!isAddress(text)) {
      return text.toLowerCase(Locale.ROOT);
    }
    try {
      // Of an address nothing is resolved.
      return InetAddress.getByName(text).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(text + " is an address", e);
    }
  }
}
