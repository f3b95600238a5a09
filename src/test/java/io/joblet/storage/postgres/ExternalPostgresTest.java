package io.joblet.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalPostgresTest {
  private static final Duration DAY = Duration.ofDays(1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:nonsense",
        "jdbc:mysql://127.0.0.1/joblet?password=secret",
        "postgresql://127.0.0.1/joblet",
        "jdbc:postgresql://127.0.0.1:port/joblet",
        ""
      })
  void doesNotWaitForWhatIsNoUrlOfPostgres(String url) {
    List<String> waited = new ArrayList<>();
    DatabaseAccess access =
        new DatabaseAccess(url, Optional.of("joblet"), Optional.of("secret"), Map.of());

    assertThatThrownBy(() -> ExternalPostgres.await(access, DAY, waited::add))
        .isInstanceOf(PostgresException.class)
        .hasMessageStartingWith(
            "joblet.database.url (JOBLET_DATABASE_URL) is '" + access.location())
        .hasMessageContaining("jdbc:postgresql://HOST")
        .hasMessageNotContaining("secret");
    assertThat(waited).isEmpty();
  }
}
