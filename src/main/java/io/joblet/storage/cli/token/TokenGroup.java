package io.joblet.storage.cli.token;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code rnx token}. */
@Command(
    name = "token",
    description = "Bearer tokens for HTTP.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx token create ci --owner=alice --role=developer --life=90d",
      "  rnx token list"
    })
public final class TokenGroup {
  TokenGroup() {}

  /** Its commands by name, in the order of the help. */
  public static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("create", CreateToken.class);
    commands.put("list", ListTokens.class);
    commands.put("revoke", RevokeToken.class);
    return commands;
  }
}
