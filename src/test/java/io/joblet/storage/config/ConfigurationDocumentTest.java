package io.joblet.storage.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ConfigurationDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/configuration.md");

  private record Setting(String key, String defaultValue) {}

  @Test
  void listsEverySettingWithItsDefaultAndNoOther() throws IOException {
    List<Setting> settings = settings("joblet", StorageConfig.class);
    List<String> rows =
        Files.readAllLines(DOCUMENT).stream().filter(l -> l.startsWith("| `joblet.")).toList();

    assertThat(rows).hasSameSizeAs(settings);
    for (Setting setting : settings) {
      String start = "| `" + setting.key() + "` | ";
      assertThat(rows)
          .as(setting.key())
          .anyMatch(row ->
              setting.defaultValue() == null
                  ? row.startsWith(start)
                  : row.startsWith(start + "`" + setting.defaultValue() + "` |"));
    }
  }

  private static List<Setting> settings(String prefix, Class<?> type) {
    List<Setting> settings = new ArrayList<>();
    for (Method method : type.getDeclaredMethods()) {
      String key = prefix + "." + kebab(method.getName());
      boolean group =
          Arrays.asList(StorageConfig.class.getDeclaredClasses()).contains(method.getReturnType());
      if (group) {
        settings.addAll(settings(key, method.getReturnType()));
      } else {
        WithDefault defaultValue = method.getAnnotation(WithDefault.class);
        settings.add(new Setting(key, defaultValue == null ? null : defaultValue.value()));
      }
    }
    return settings;
  }

  private static String kebab(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}
