package io.joblet.storage.cli.tls;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** A client to make a certificate for: {@code NAME:ROLE}. */
public record NewClient(String name, String role) {
  private static final Set<String> ROLES = Set.of("reader", "developer", "maintainer", "admin");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_.@+-]{0,126}[A-Za-z0-9])?");

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Reads one. */
  public static NewClient of(String text) {
    int colon = text.lastIndexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String role = text.substring(colon + 1).toLowerCase(Locale.ROOT);
    if (colon < 0 || !ROLES.contains(role)) {
      throw new TypeConversionException(
          "'" + text + "' is not NAME:ROLE, with a role of reader, developer, maintainer or admin");
    }
    if (!NAME.matcher(name).matches()) {
      throw new TypeConversionException(
          "'" + name + "' is no owner's name: 1 to 128 characters of A-Z a-z 0-9 _ . @ + -");
    }
    return new NewClient(name, role);
  }
}
