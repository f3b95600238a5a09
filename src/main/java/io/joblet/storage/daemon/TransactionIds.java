package io.joblet.storage.daemon;

/**
 * How the transaction manager tells this process from others. By default it listens on a loopback
 * TCP port and takes the port's number (Narayana's {@code SocketProcessId}); a random number does
 * as well, since nothing is recovered by it: the only resource is one database.
 */
public final class TransactionIds {
  private static final String SETTING = "CoreEnvironmentBean.processImplementationClassName";
  private static final String RANDOM = "com.arjuna.ats.internal.arjuna.utils.UuidProcessId";

  private TransactionIds() {}

  /** Before Quarkus starts. */
  public static void withoutPort() {
    System.setProperty(SETTING, RANDOM);
  }
}
