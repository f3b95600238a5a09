package io.joblet.storage.broken.usage;

import io.joblet.storage.broken.job.Prints;

/** Breaks: usage imports volume and what is below it. */
public final class KnowsJobs {
  Prints job;
}
