package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.Diagnosis;
import io.joblet.storage.v1.DoctorRequest;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rnx volume doctor}. */
@Command(
    name = "doctor",
    description = {
      "Compares what the database says with mounts, loop devices, quotas and directories of this host.",
      "Exit status 1 while warnings or errors remain."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  rnx volume doctor", "  rnx volume doctor --fix"})
final class Doctor implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Option(names = "--fix", description = "Mend what can be mended without losing anything.")
  boolean fix;

  @Override
  public Integer call() throws IOException {
    DoctorRequest request = DoctorRequest.newBuilder().setFix(fix).build();
    try (Daemon daemon = connection.open()) {
      Diagnosis diagnosis = new Diagnosis(daemon.admin(stub -> stub.doctor(request)));
      output.print(diagnosis::document, diagnosis::lines);
      return diagnosis.isHealthy() ? Exit.DONE : Exit.FAILED;
    }
  }
}
