package io.joblet.storage.console;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Which path below {@code /console} is which page: the one table. */
@ApplicationScoped
class Pages {
  private final Map<String, Page> all = new LinkedHashMap<>();

  Pages(
      VolumePages volumes,
      VolumeChanges changes,
      VolumeEdits edits,
      AttachmentChanges attachments,
      VolumeShares shares,
      JobPages jobs,
      JobChanges jobChanges,
      OwnerPages owners,
      OwnerChanges limits,
      TokenPages tokens,
      SweepPages sweeps,
      GrowthPages growth,
      OperationPages operations,
      AdminPages admin) {
    shows("", visit -> Reply.goTo("/volumes"));
    shows("/volumes", volumes::list);
    all.put("/volumes/new", new Page(changes::form, changes::create));
    shows("/volumes/:volume", volumes::one);
    changes("/volumes/:volume/delete", changes::delete);
    changes("/volumes/:volume/undelete", changes::undelete);
    changes("/volumes/:volume/purge", changes::purge);
    all.put("/volumes/:volume/edit", new Page(edits::form, edits::edit));
    changes("/volumes/:volume/attach", attachments::attach);
    changes("/volumes/:volume/detach", attachments::detach);
    changes("/volumes/:volume/share", shares::share);
    changes("/volumes/:volume/unshare", shares::unshare);
    shows("/jobs", jobs::list);
    shows("/jobs/:job", jobs::one);
    shows("/jobs/:job/log", jobs::log);
    changes("/jobs/:job/stop", jobChanges::stop);
    changes("/jobs/:job/remove", jobChanges::remove);
    shows("/growth", growth::list);
    shows("/operations", operations::list);
    shows("/owners", owners::list);
    shows("/owners/:owner", owners::one);
    changes("/owners/:owner/limits", limits::limit);
    all.put("/tokens", new Page(tokens::list, tokens::create));
    changes("/tokens/:token/revoke", tokens::revoke);
    all.put("/sweeps", new Page(sweeps::choose, sweeps::sweep));
    shows("/node", admin::node);
    all.put("/doctor", new Page(admin::askDoctor, admin::runDoctor));
    changes("/logout", visit -> Reply.goTo(ConsoleServer.LOGIN).with(Sessions.end()));
  }

  /**
   * What is at a path.
   *
   * @param show for GET
   * @param change for POST
   */
  record Page(Function<Visit, Reply> show, Function<Visit, Reply> change) {}

  Map<String, Page> all() {
    return all;
  }

  /** What is at all other paths. */
  static Reply none(Visit visit) {
    return new Refusal(404, "There is no such page.").page(visit.frame("Not found", ""));
  }

  private void shows(String path, Function<Visit, Reply> show) {
    all.put(path, new Page(show, Pages::none));
  }

  private void changes(String path, Function<Visit, Reply> change) {
    all.put(path, new Page(Pages::none, change));
  }
}
