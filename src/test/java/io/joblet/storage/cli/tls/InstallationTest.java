package io.joblet.storage.cli.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.TypeConversionException;

/** What {@code rnx admin init-tls} makes. */
class InstallationTest {
  @TempDir Path parent;

  private Path directory() {
    return parent.resolve("tls");
  }

  private List<Path> make(NewClient... clients) throws IOException {
    return new Installation(directory(), Instant.now())
        .make(List.of("storage.example.org", "10.0.0.7"), 50051, List.of(clients));
  }

  private X509Certificate certificate(String name) throws IOException {
    return Credentials.of(
            Files.readString(directory().resolve(name + ".pem")),
            Files.readString(directory().resolve(name + ".key")))
        .certificate();
  }

  @Test
  void makesACaAServerAndClientsThatItSigned() throws Exception {
    make(new NewClient("alice", "developer"));

    X509Certificate ca = certificate("ca");
    X509Certificate server = certificate("server");
    X509Certificate alice = certificate("clients/alice");
    server.verify(ca.getPublicKey());
    alice.verify(ca.getPublicKey());
    assertThat(ca.getBasicConstraints()).isZero();
    assertThat(server.getBasicConstraints()).isEqualTo(-1);
    assertThat(server.getSubjectAlternativeNames())
        .extracting(name -> (Object) name.get(1))
        .containsExactly("joblet", "localhost", "storage.example.org", "10.0.0.7");
    assertThat(alice.getSubjectX500Principal().getName()).isEqualTo("CN=alice,OU=developer");
    assertThat(alice.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    alice.checkValidity();
  }

  @Test
  void keepsSecretsToTheirOwner() throws IOException {
    make(new NewClient("alice", "developer"));

    for (String secret :
        List.of("ca.key", "server.key", "clients/alice.key", "clients/alice.yml")) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory().resolve(secret))))
          .as(secret)
          .isEqualTo("rw-------");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
        .isEqualTo("rwx------");
  }

  @Test
  void neverChangesWhatIsThereAndMakesWhatIsNot() throws IOException {
    make(new NewClient("alice", "developer"));
    Map<Path, String> before = contents();

    List<Path> second = make(new NewClient("alice", "admin"), new NewClient("bob", "reader"));

    assertThat(second)
        .extracting(file -> file.getFileName().toString())
        .containsExactly("bob.key", "bob.pem", "bob.yml");
    assertThat(contents()).containsAllEntriesOf(before);
    assertThat(make()).isEmpty();
  }

  @Test
  void saysWhereWhatIsThereIsNotAsItWasAskedFor() throws IOException {
    make(new NewClient("alice", "developer"), new NewClient("bob", "reader"));
    Installation again = new Installation(directory(), Instant.now());

    again.make(
        List.of("new.example.org", "STORAGE.example.org", "fd00::1"),
        50051,
        List.of(new NewClient("alice", "admin"), new NewClient("bob", "reader")));

    Path clients = directory().resolve("clients");
    assertThat(again.kept())
        .containsExactly(
            "there already: " + directory().resolve("ca.pem"),
            "there already: " + directory().resolve("server.pem"),
            "  kept as it is: it is for joblet, localhost, storage.example.org, 10.0.0.7 and not"
                + " for new.example.org, fd00::1",
            "  to make another: remove server.pem and server.key, call this again with every"
                + " --host, and restart the daemon",
            "there already: " + clients.resolve("alice.pem"),
            "  kept as it is: its role is developer and not admin",
            "  to make another: 'rnx admin revoke --directory="
                + directory()
                + " --client=alice', remove "
                + clients.resolve("alice")
                + ".*, and call this again",
            "  kept as it is: "
                + clients.resolve("alice.yml")
                + " names another address than new.example.org:50051; change it there",
            "there already: " + clients.resolve("bob.pem"),
            "  kept as it is: "
                + clients.resolve("bob.yml")
                + " names another address than new.example.org:50051; change it there");
  }

  @Test
  void saysNothingOfWhatIsAsItWasAskedFor() throws IOException {
    new Installation(directory(), Instant.now())
        .make(List.of("fd00:0::1", "10.0.0.7"), 1, List.of(new NewClient("bob", "reader")));
    Installation again = new Installation(directory(), Instant.now());

    again.make(List.of("FD00::1"), 1, List.of());
    again.make(List.of(), 2, List.of(new NewClient("bob", "reader")));

    assertThat(again.kept()).allMatch(line -> line.startsWith("there already: "));
  }

  @Test
  void tellsLaterClientsTheHostThatTheServersCertificateIsFor() throws IOException {
    make();
    new Installation(directory(), Instant.now())
        .make(List.of(), 50051, List.of(new NewClient("bob", "reader")));

    assertThat(Files.readString(directory().resolve("clients/bob.yml")))
        .contains("address: \"storage.example.org:50051\"");
  }

  @Test
  void hostsAreDnsNamesOrAddresses() {
    for (String right :
        List.of(
            "localhost", "a-b.example.org", "x", "3com.example", "10.0.0.7", "::1", "fd00::1")) {
      assertThat(HostName.of(right).text()).isEqualTo(right);
    }
    for (String wrong :
        List.of(
            "bad_host!x",
            "",
            "-a",
            "a-",
            "a..b",
            "a.",
            "*.example.org",
            "10.0.0.256",
            "1.2.3",
            "a b",
            "a:50051",
            "[::1]",
            "fe80::1%eth0",
            "https://a",
            "na\u00efve",
            "a".repeat(64),
            "a.".repeat(127) + "ab")) {
      assertThatThrownBy(() -> HostName.of(wrong))
          .as(wrong)
          .isInstanceOf(TypeConversionException.class)
          .hasMessage("'" + wrong + "' is neither a DNS name nor an IP address");
    }
  }

  private Map<Path, String> contents() throws IOException {
    Map<Path, String> contents = new HashMap<>();
    try (Stream<Path> files = Files.walk(directory())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file, Files.readString(file));
      }
    }
    return contents;
  }

  @Test
  void signsNothingWithoutTheKeyOfTheCa() throws IOException {
    make();
    Files.delete(directory().resolve("ca.key"));

    assertThatThrownBy(() -> make(new NewClient("bob", "reader")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("only one of ca.pem and ca.key");
  }

  @Test
  void takesNoClientThatTheDaemonWouldNotKnow() {
    assertThat(NewClient.of("a@b.org:Admin")).isEqualTo(new NewClient("a@b.org", "admin"));
    for (String wrong : List.of("alice", "alice:root", "a/b:reader", ":reader", "../x:reader")) {
      assertThatThrownBy(() -> NewClient.of(wrong)).isInstanceOf(TypeConversionException.class);
    }
  }

  @Test
  void revokesClientsOneAfterTheOther() throws Exception {
    make(new NewClient("alice", "developer"), new NewClient("bob", "reader"));
    assertThat(revoked().getRevokedCertificates()).isNull();
    Installation installation = new Installation(directory(), Instant.now());

    installation.revoke(List.of("alice"));
    installation.revoke(List.of("bob"));
    Path list = installation.revoke(List.of("alice"));

    assertThat(list).isEqualTo(directory().resolve("revoked.crl"));
    revoked().verify(certificate("ca").getPublicKey());
    assertThat(revoked().getRevokedCertificates())
        .extracting(X509CRLEntry::getSerialNumber)
        .containsExactlyInAnyOrder(
            certificate("clients/alice").getSerialNumber(),
            certificate("clients/bob").getSerialNumber());
    assertThatThrownBy(() -> installation.revoke(List.of("carol")))
        .hasMessageContaining("there is no certificate of 'carol'");
    assertThatThrownBy(() -> installation.revoke(List.of("../server")))
        .hasMessageContaining("there is no certificate of");
    assertThat(contents().keySet()).noneMatch(file -> file.toString().endsWith(".new"));
  }

  private X509CRL revoked() throws Exception {
    try (InputStream in = Files.newInputStream(directory().resolve("revoked.crl"))) {
      return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in);
    }
  }
}
