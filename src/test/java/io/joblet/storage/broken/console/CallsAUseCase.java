package io.joblet.storage.broken.console;

import io.joblet.storage.broken.job.Prints;

/** Breaks: the console calls the methods of the services, not what is behind them. */
public final class CallsAUseCase {
  Prints job;
}
