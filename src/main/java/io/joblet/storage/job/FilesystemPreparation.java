package io.joblet.storage.job;

import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Makes a root file system with volumes for somebody who starts processes in it himself. */
@ApplicationScoped
public class FilesystemPreparation {
  private final JobBuilding building;
  private final AttachIntents intents;
  private final Jobs jobs;
  private final RoundTrips database;

  FilesystemPreparation(
      JobBuilding building, AttachIntents intents, Jobs jobs, RoundTrips database) {
    this.building = building;
    this.intents = intents;
    this.jobs = jobs;
    this.database = database;
  }

  /**
   * All of it or nothing. {@link JobCleanup} takes it away, also when its liveness ends.
   *
   * @throws Problem.AlreadyExists when a live job has the name
   */
  public JobView prepare(NewJob wanted, Liveness liveness, Caller caller, Reply<JobView> reply) {
    JobBuilding.Order order =
        new JobBuilding.Order(
            "prepare",
            wanted,
            liveness,
            jobs.identify(liveness, caller),
            Optional.empty(),
            () -> {},
            caller);
    return building.build(
        order,
        built -> {
          Changes changes = intents.outcome(built.begun(), built.deed(), caller);
          built.job().built();
          JobRows.writeState(changes, built.job());
          reply.add(changes, built.view());
          database.commit(changes);
          return built.view();
        });
  }
}
