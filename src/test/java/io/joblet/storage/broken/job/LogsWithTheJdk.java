package io.joblet.storage.broken.job;

import java.util.logging.Logger;

/** Breaks: no java.util.logging. */
public final class LogsWithTheJdk {
  Logger log = Logger.getLogger("broken");
}
