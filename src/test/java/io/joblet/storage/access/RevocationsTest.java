package io.joblet.storage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.cli.tls.Authority;
import io.joblet.storage.cli.tls.RevocationList;
import io.joblet.storage.config.Settings;
import io.joblet.storage.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of revoked certificates at a start; what a daemon does with it later is elsewhere. */
class RevocationsTest {
  @TempDir Path directory;

  private final Instant now = Instant.now();
  private final Authority authority = Authority.make(now);

  @BeforeEach
  void writeAuthority() throws IOException {
    Files.writeString(directory.resolve("ca.pem"), authority.own().certificatePem());
  }

  private Revocations begun(String list) throws IOException {
    Path file = Files.writeString(directory.resolve("revoked.crl"), list);
    return begun(
        Map.of(
            "joblet.tls.ca", directory.resolve("ca.pem").toString(),
            "joblet.tls.revoked", file.toString()));
  }

  private static Revocations begun(Map<String, String> settings) {
    Revocations revocations = new Revocations(Settings.of(settings));
    revocations.begin(null);
    return revocations;
  }

  @Test
  void hasWhatIsRevokedAndNothingElse() throws IOException {
    X509Certificate stolen = client();
    RevocationList list = new RevocationList(Map.of()).with(stolen, now);

    Revocations revocations = begun(list.pem(authority, now));

    assertThat(revocations.isRevoked(stolen)).isTrue();
    assertThat(revocations.isRevoked(client())).isFalse();
    assertThat(begun(Map.of()).isRevoked(stolen)).isFalse();
  }

  private X509Certificate client() {
    return authority.client("alice", List.of("reader"), now, now.plusSeconds(60)).certificate();
  }

  @Test
  void keepsTheDaemonFromStartingWithAListThatIsNone() {
    String ofAnother = new RevocationList(Map.of()).pem(Authority.make(now), now);

    for (String none : List.of("", "nobody", ofAnother)) {
      assertThatThrownBy(() -> begun(none))
          .isInstanceOf(Problem.Invalid.class)
          .hasMessageStartingWith("joblet.tls.revoked: ")
          .hasMessageContaining("holds no list of revoked certificates of joblet.tls.ca");
    }
  }
}
