package io.joblet.storage.broken.volume;

import io.joblet.storage.broken.grpc.CallsVolume;

/** Breaks: volume does not import grpc, and the two make a cycle. */
public final class CallsTheEdge {
  CallsVolume edge;
}
