package io.joblet.storage.console;

/**
 * How much of something is used.
 *
 * @param percent from 0 to 100
 * @param words the same in words
 */
public record Bar(String label, long percent, String words) {
  static Bar of(String label, long used, long size) {
    long percent = size <= 0 ? 0 : Math.clamp(Math.round(100.0 * used / size), 0, 100);
    return new Bar(label, percent, Text.size(used) + " of " + Text.size(size));
  }
}
