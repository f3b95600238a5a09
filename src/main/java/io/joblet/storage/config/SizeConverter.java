package io.joblet.storage.config;

import org.eclipse.microprofile.config.spi.Converter;

/** {@link Size#of}; without it the library would find that itself, and lose the reason. */
public class SizeConverter implements Converter<Size> {
  private static final long serialVersionUID = 1L;

  @Override
  public Size convert(String value) {
    return Size.of(value);
  }
}
