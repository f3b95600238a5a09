package io.joblet.storage.broken.grpc;

import io.joblet.storage.broken.v1.Message;
import io.joblet.storage.broken.volume.CallsTheEdge;

/** Breaks nothing by itself; the cycle goes through it. */
public final class CallsVolume {
  CallsTheEdge volume;
  Message message;
}
