package io.joblet.storage.cli;

import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import java.io.OutputStream;
import java.util.List;

/**
 * Runs many command lines in one process, from which the build makes the JVM's start-up cache; see
 * build/rnx/train. No part of what users run.
 */
final class Training {
  private static final List<String> LINES =
      List.of(
          "volume create data --size=1GB --label=a=b",
          "volume inspect data",
          "volume inspect data --format=yaml",
          "volume attach data --job=job",
          "volume detach data",
          "volume update data --size=2GB",
          "volume remove data",
          "volume undelete data",
          "volume doctor",
          "run --quiet --volume=data:/data --env=A=B --user=1000 --work-size=1MB -- sh -c true",
          "run --detach true",
          "job list",
          "job inspect job",
          "job logs job",
          "job stop job",
          "job signal job TERM",
          "job remove job",
          "job prepare job --volume=data:/data",
          "job cleanup job",
          "admin node",
          "volume --help",
          "volume list --format=json",
          "volume list");

  private Training() {}

  /** Runs each line, against the daemon that RNX_SOCKET names; fails with the first that fails. */
  public static void main(String[] arguments) {
    Surroundings process = Surroundings.ofProcess();
    Surroundings silent =
        new Surroundings(
            process.environment(),
            OutputStream.nullOutputStream(),
            process.stderr(),
            process.clock());
    for (String line : LINES) {
      if (Rnx.run(line.split(" "), silent) != Exit.DONE) {
        throw new IllegalStateException("training failed at: rnx " + line);
      }
    }
    System.exit(Rnx.run(new String[] {"volume", "list"}, process));
  }
}
