package io.joblet.storage.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads a uid or gid; 2^32-1 means none to the kernel (chown(2)). */
public final class UnixIdConverter implements Converter<Long> {
  /** 4,294,967,294. */
  public static final long LARGEST = (1L << 32) - 2;

  private static final long serialVersionUID = 1L;

  @Override
  public Long convert(String value) {
    return WholeNumber.between(0, LARGEST, value);
  }
}
