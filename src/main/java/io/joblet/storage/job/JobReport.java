package io.joblet.storage.job;

import io.joblet.storage.problem.Problem;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * What operators hear of jobs: a line in the log for each start and each end, with the job's id as
 * {@code jobId}, and metrics. Commands and their arguments are not repeated: they may be long, and
 * secret. For any thread.
 */
@ApplicationScoped
class JobReport {
  private static final Logger LOG = Logger.getLogger("io.joblet.storage.job");
  private static final String JOB_ID = "jobId";

  private final MeterRegistry meters;

  JobReport(MeterRegistry meters, RunWatch watch) {
    this.meters = meters;
    Gauge.builder("joblet.jobs.running", watch, RunWatch::count)
        .description("Jobs whose command runs, or whose remains are being taken away")
        .register(meters);
  }

  private enum Outcome {
    STARTED,
    REFUSED,
    FAILED
  }

  /** Measures how long a start took and what came of it. */
  JobStart.Started starting(Supplier<JobStart.Started> start) {
    Timer.Sample sample = Timer.start(meters);
    Outcome outcome = Outcome.FAILED;
    try {
      JobStart.Started started = start.get();
      outcome = Outcome.STARTED;
      Job job = started.view().job();
      say(job, () -> LOG.infof("job '%s' runs", job.name));
      return started;
    } catch (Problem.HostFailed | Problem.Unavailable e) {
      throw e;
    } catch (Problem e) {
      outcome = Outcome.REFUSED;
      throw e;
    } finally {
      sample.stop(
          Timer.builder("joblet.job.start")
              .description("From the request to the command that runs")
              .tag("outcome", outcome.name())
              .publishPercentileHistogram()
              .register(meters));
    }
  }

  /** The command has ended, and how is written down. */
  void ended(Job job, JobRun.State how, String outcome) {
    meters.counter("joblet.job.ends", "state", how.name()).increment();
    say(job, () -> LOG.infof("job '%s' has ended: %s", job.name, outcome));
  }

  private static void say(Job job, Runnable line) {
    Object before = MDC.put(JOB_ID, job.id.toString());
    try {
      line.run();
    } finally {
      if (before == null) {
        MDC.remove(JOB_ID);
      } else {
        MDC.put(JOB_ID, before);
      }
    }
  }
}
