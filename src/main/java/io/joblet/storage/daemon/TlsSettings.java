package io.joblet.storage.daemon;

import io.joblet.storage.config.StorageConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How Quarkus is told to listen by mutual TLS beside the Unix socket, which stays plain. What is
 * wrong with the files is said before anything is started.
 */
public final class TlsSettings {
  private static final Pattern ADDRESS = Pattern.compile("\\[?([^\\[\\]]+?)\\]?:([0-9]{1,5})");
  private static final int LAST_PORT = 65535;
  private static final String STORE = "quarkus.tls.joblet.";

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(EnumSet.copyOf(PosixFilePermissions.fromString("rwx------")));

  private TlsSettings() {}

  /**
   * As configuration properties of Quarkus; none without an address.
   *
   * @throws StartException naming the setting at fault
   */
  public static Map<String, String> of(StorageConfig.Tls tls) {
    if (tls.address().isEmpty()) {
      return Map.of();
    }
    Matcher address = ADDRESS.matcher(tls.address().get());
    if (!address.matches() || Integer.parseInt(address.group(2)) > LAST_PORT) {
      throw new StartException(
          "joblet.tls.address must be HOST:PORT, e.g. 0.0.0.0:50051, was " + tls.address().get());
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.http.host-enabled", "true");
    settings.put("quarkus.http.host", address.group(1));
    settings.put("quarkus.http.ssl-port", address.group(2));
    settings.put("quarkus.http.insecure-requests", "disabled");
    settings.putAll(store(tls));
    return settings;
  }

  private static Map<String, String> store(StorageConfig.Tls tls) {
    Path key = file("joblet.tls.key", tls.key());
    refuseIfOpen(key);
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.http.tls-configuration-name", "joblet");
    settings.put(STORE + "protocols", "TLSv1.3");
    settings.put(
        STORE + "key-store.pem.0.cert",
        certificate("joblet.tls.certificate", tls.certificate()).toString());
    settings.put(STORE + "key-store.pem.0.key", key.toString());
    settings.put(
        STORE + "trust-store.pem.certs", certificate("joblet.tls.ca", tls.ca()).toString());
    return settings;
  }

  private static Path file(String setting, Optional<String> value) {
    if (value.isEmpty()) {
      throw new StartException(setting + " must be set where joblet.tls.address is");
    }
    Path file = Path.of(value.get());
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new StartException(setting + ": there is no readable file " + file);
    }
    return file;
  }

  private static Path certificate(String setting, Optional<String> value) {
    Path file = file(setting, value);
    try (InputStream in = Files.newInputStream(file)) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        throw new CertificateException("it holds none");
      }
      return file;
    } catch (IOException | CertificateException e) {
      throw new StartException(
          setting + ": " + file + " holds no PEM certificate: " + e.getMessage(), e);
    }
  }

  private static void refuseIfOpen(Path key) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(key);
      if (permissions.stream().anyMatch(OTHERS::contains)) {
        throw new StartException(
            "joblet.tls.key: "
                + key
                + " is open to others ("
                + PosixFilePermissions.toString(permissions)
                + "); chmod 0600 it");
      }
    } catch (IOException e) {
      throw new StartException("joblet.tls.key: " + key + ": " + e.getMessage(), e);
    }
  }
}
