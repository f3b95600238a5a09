package io.joblet.storage.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads a multiple of something: a number from 0. */
public final class RatioConverter implements Converter<Double> {
  private static final long serialVersionUID = 1L;

  @Override
  public Double convert(String value) {
    double ratio;
    try {
      ratio = Double.parseDouble(value.strip());
    } catch (NumberFormatException e) {
      throw refusal(value);
    }
    if (!(ratio >= 0) || Double.isInfinite(ratio)) {
      throw refusal(value);
    }
    return ratio;
  }

  private static IllegalArgumentException refusal(String value) {
    return new IllegalArgumentException(
        "must be a number from 0, such as 1.5, was '" + Excerpt.of(value) + "'");
  }
}
