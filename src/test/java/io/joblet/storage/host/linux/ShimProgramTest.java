package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShimProgramTest {
  @TempDir private Path directory;

  @Test
  void isWrittenAgainWhereAPowerCutHasTakenItsContent() throws IOException {
    Path program = ShimProgram.install(directory);
    byte[] content = Files.readAllBytes(program);
    Files.write(program, new byte[0]);

    assertThat(ShimProgram.install(directory)).isEqualTo(program).isExecutable();
    assertThat(program).hasBinaryContent(content);
  }

  @Test
  void isLeftAsItIsOtherwise() throws IOException {
    Path program = ShimProgram.install(directory);
    FileTime written = Files.getLastModifiedTime(program);
    Object file = Files.getAttribute(program, "unix:ino");

    ShimProgram.install(directory);
    assertThat(Files.getLastModifiedTime(program)).isEqualTo(written);
    assertThat(Files.getAttribute(program, "unix:ino")).isEqualTo(file);
  }
}
