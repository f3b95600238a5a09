package io.joblet.storage.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads a setting; a converter that is found by itself would not say which rule is broken. */
public final class OwnerNameConverter implements Converter<OwnerName> {
  private static final long serialVersionUID = 1L;

  @Override
  public OwnerName convert(String value) {
    return new OwnerName(value);
  }
}
