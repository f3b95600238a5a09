package io.joblet.storage.broken.volume;

import com.sun.jna.Pointer;

/** Breaks: JNA only in host.linux. */
public final class CallsTheKernel {
  Pointer pointer;
}
