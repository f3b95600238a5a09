package io.joblet.storage.broken.job;

import io.grpc.Status;

/** Breaks: messages only in grpc, rest and cli. */
public final class KnowsAStatus {
  Status status;
}
