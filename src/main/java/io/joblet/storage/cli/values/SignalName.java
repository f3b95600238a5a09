package io.joblet.storage.cli.values;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.TypeConversionException;

/** A standard signal of Linux on x86, signal(7), by its number, {@code TERM} or {@code SIGTERM}. */
public record SignalName(int number) {
  /** From 1 on. */
  private static final List<String> NAMES =
      List.of(
          ("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT"
                  + " STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS")
              .split(" "));

  /** Reads one, in any case. */
  public static SignalName of(String text) {
    if (text.matches("[0-9]{1,2}")) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= NAMES.size()) {
        return new SignalName(number);
      }
    }
    String name = text.toUpperCase(Locale.ROOT);
    int at = NAMES.indexOf(name.startsWith("SIG") ? name.substring(3) : name);
    if (at < 0) {
      throw new TypeConversionException(
          "'" + text + "' is no signal; write 1 to 31 or a name such as TERM, KILL or USR1");
    }
    return new SignalName(at + 1);
  }

  /** {@code SIGTERM}; a number that is none of them as it is. */
  @Override
  public String toString() {
    return number >= 1 && number <= NAMES.size()
        ? "SIG" + NAMES.get(number - 1)
        : "signal " + number;
  }
}
