package io.joblet.storage.broken.volume;

import com.google.protobuf.Message;

/** Breaks: messages only in grpc, rest and cli. */
public final class KnowsAMessage {
  Message message;
}
