package io.joblet.storage.broken.job;

import jakarta.inject.Inject;

/** Breaks: injection by constructor. Not a bean, since it has no scope. */
public final class WantsAField {
  @Inject Runnable later;
}
