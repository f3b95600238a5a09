package io.joblet.storage.console;

import io.joblet.storage.access.Permission;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.AdminService;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.SweptItem;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Sweeps: each shows first what it would do, and then does it. */
@ApplicationScoped
class SweepPages {
  private static final List<String> HEADS = List.of("Name", "Why", "Outcome", "Id");

  private final AdminService admin;

  SweepPages(@GrpcService AdminService admin) {
    this.admin = admin;
  }

  /**
   * What a sweep found.
   *
   * @param kind empty before any was chosen
   * @param run whether it may be run now, on what is in the table
   */
  public record Outcome(String kind, String sentence, boolean run, Table table) {}

  Reply choose(Visit visit) {
    visit.identity().require(Permission.SWEEP);
    return page(
        visit,
        new Outcome("", "", false, Table.page(HEADS, List.<SweptItem>of(), i -> List.of(), "")));
  }

  Reply sweep(Visit visit) {
    visit.admit("Sweep");
    SweepRequest.Kind kind = kind(visit.field("kind"));
    boolean dry = !Confirmation.given(visit);
    List<SweptItem> items =
        visit
            .ask(SweepRequest.newBuilder().setKind(kind).setDryRun(dry).build(), admin::sweep)
            .getItemsList();
    Table table = Table.page(HEADS, items, item -> texts(item, dry), "");
    return page(
        visit,
        new Outcome(visit.field("kind"), sentence(items, dry), dry && !items.isEmpty(), table));
  }

  private static String sentence(List<SweptItem> items, boolean dry) {
    if (items.isEmpty()) {
      return "There is nothing to sweep.";
    }
    long done = items.stream().filter(SweptItem::getDone).count();
    return dry
        ? "A dry run: " + items.size() + " would be swept. Nothing was done."
        : done + " of " + items.size() + " were swept.";
  }

  private static SweepRequest.Kind kind(String word) {
    return Arrays.stream(SweepRequest.Kind.values())
        .filter(k -> k.name().toLowerCase(Locale.ROOT).equals(word))
        .filter(k -> k != SweepRequest.Kind.KIND_UNSPECIFIED && k != SweepRequest.Kind.UNRECOGNIZED)
        .findFirst()
        .orElseThrow(() -> new Problem.Invalid("kind", "must be idle, orphans or trash"));
  }

  private static Reply page(Visit visit, Outcome outcome) {
    return Reply.page(Templates.sweeps(visit.frame("Sweeps", "sweeps"), outcome));
  }

  private static List<String> texts(SweptItem item, boolean dry) {
    String outcome = item.getDone() ? "swept" : dry ? "would be swept" : item.getError();
    return List.of(item.getName(), item.getReason(), outcome, item.getId());
  }
}
