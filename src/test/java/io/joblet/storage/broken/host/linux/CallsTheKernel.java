package io.joblet.storage.broken.host.linux;

import com.sun.jna.Pointer;
import io.joblet.storage.broken.host.Logs;

/** Breaks nothing: here JNA is at home. */
public final class CallsTheKernel {
  Pointer pointer;
  Logs host;
}
