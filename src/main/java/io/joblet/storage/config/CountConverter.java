package io.joblet.storage.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads how many of something there may be: at least one. */
public final class CountConverter implements Converter<Integer> {
  private static final long serialVersionUID = 1L;

  @Override
  public Integer convert(String value) {
    return (int) WholeNumber.between(1, Integer.MAX_VALUE, value);
  }
}
