package io.joblet.storage.daemon;

import io.quarkus.runtime.Application;

/**
 * What of Quarkus' start needs neither settings nor the database, done beside the start of the
 * database: the initializer of the application's class, which the build has filled with it.
 *
 * <p>The JVM runs an initializer once. Who needs the class meanwhile waits for it, so Quarkus does.
 */
public final class Warming {
  private Warming() {}

  /**
   * Begins, on a thread of its own that keeps no process alive, and returns at once. A failure is
   * left to {@code Quarkus.run}, which meets it again and tells it.
   */
  public static void begin() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("quarkus-static-init")
            .unstarted(() -> {
              try {
                Class.forName(Application.APP_CLASS_NAME, true, loader);
              } catch (ClassNotFoundException | LinkageError toldByQuarkus) {
                // The class stays unusable, and Quarkus.run says so.
              }
            });
    thread.setContextClassLoader(loader);
    thread.start();
  }
}
