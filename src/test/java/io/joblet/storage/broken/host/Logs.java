package io.joblet.storage.broken.host;

import org.jboss.logging.Logger;

/** Breaks: host knows the JDK only. */
public final class Logs {
  Logger log;
}
