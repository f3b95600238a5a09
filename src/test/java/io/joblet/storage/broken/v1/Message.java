package io.joblet.storage.broken.v1;

/** Stands for a generated message. */
public final class Message {}
