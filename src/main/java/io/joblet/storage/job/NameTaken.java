package io.joblet.storage.job;

import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Why a job cannot be called so yet, and how to get on. */
@ApplicationScoped
class NameTaken {
  private final JobStore jobs;
  private final Transactions transactions;

  NameTaken(JobStore jobs, Transactions transactions) {
    this.jobs = jobs;
    this.transactions = transactions;
  }

  /**
   * Says what the owner's job of that name does now; it may have ended since its name was in the
   * way.
   */
  Problem.AlreadyExists by(String owner, JobName name) {
    String status =
        transactions.call(
            () -> jobs.live(owner, name.text()).map(NameTaken::status).orElse("ending"));
    String job = "job '" + name.text() + "' ";
    String message =
        switch (status) {
          case "running" -> job + "is still running: wait for its end, stop it, ";
          case "prepared" -> job + "is still there, prepared and not cleaned up: clean it up, ";
          default -> job + "is just being taken away: try again in a moment, ";
        };
    return new Problem.AlreadyExists(
        "job", name.text(), message + "or take another name", Map.of("status", status));
  }

  private static String status(Job job) {
    return switch (job.state) {
      case ENDING, ENDED -> "ending";
      case ACTIVE -> job.liveness == Job.By.RUN ? "running" : "prepared";
    };
  }
}
