package io.joblet.storage.broken.cli;

import io.joblet.storage.broken.config.Settings;

/** Breaks: cli imports the messages and Size only. */
public final class ReadsSettings {
  Settings settings;
}
