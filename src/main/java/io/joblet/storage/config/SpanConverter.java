package io.joblet.storage.config;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads how long something is kept or waited for: from nothing to a hundred years. */
public class SpanConverter implements Converter<Duration> {
  private static final long serialVersionUID = 1L;

  /** Added to any time of today it is still one that the database can hold. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final Duration shortest;

  public SpanConverter() {
    this(Duration.ZERO);
  }

  SpanConverter(Duration shortest) {
    this.shortest = shortest;
  }

  @Override
  public Duration convert(String value) {
    Duration span = parsed(value);
    if (span == null || span.compareTo(shortest) < 0 || span.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a time from "
              + (shortest.isZero() ? "0" : shortest.toMillis() + "ms")
              + " to 36500d is wanted, such as 90s, 5m, 12h or 7d, was '"
              + Excerpt.of(value)
              + "'");
    }
    return span;
  }

  private static Duration parsed(String value) {
    try {
      return DurationConverter.parseDuration(value);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
