package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Host.LoopDevice;
import io.joblet.storage.host.Host.Qgroup;
import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.journal.Operations.Subject;
import io.joblet.storage.journal.Repairs;
import io.joblet.storage.reconcile.Finding.Severity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Things in our places that no row explains. They may be somebody's data, and the database may be
 * the one that is wrong (restored from yesterday), so they are set aside and never deleted.
 */
@ApplicationScoped
class UnknownCheck implements Check {
  private static final Set<String> OURS =
      Set.of(
          Layout.IMAGES,
          Layout.TRASH,
          Layout.QUARANTINE,
          Layout.RECORDS,
          Layout.MARKER,
          "lost+found");

  private static final Pattern IMAGE_SUFFIX =
      Pattern.compile("\\.ext4(" + Pattern.quote(Layout.UNFINISHED) + ")?$");

  private final Repairs repairs;
  private final Host kernel;

  UnknownCheck(Repairs repairs, Host kernel) {
    this.repairs = repairs;
    this.kernel = kernel;
  }

  @Override
  public void inspect(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    for (String name : onHost.volumes()) {
      if (!isOurs(name) && !hasRow(rows, name)) {
        findings.accept(unknown("unknown-volume", name, name));
      }
    }
    for (String name : onHost.images()) {
      if (!hasRow(rows, name)) {
        findings.accept(unknown("unknown-image", Layout.IMAGES + "/" + name, name));
      }
    }
    for (String name : onHost.trash()) {
      if (!hasRow(rows, name)) {
        findings.accept(unknown("unknown-trash", Layout.TRASH + "/" + name, name));
      }
    }
    for (String name : onHost.quarantine()) {
      findings.accept(
          Finding.of(
              Severity.INFO,
              "quarantined",
              kernel.display(ManagedPath.of(ManagedRoot.VOLUMES, Layout.QUARANTINE + "/" + name)),
              "no row explained it where it was; rnx admin recover says what can be done"));
    }
    unknownGroups(rows, onHost, findings);
    unknownLoopDevices(rows, onHost, findings);
  }

  /** A name in the volumes directory that is there for every pool. */
  static boolean isOurs(String name) {
    return OURS.contains(name);
  }

  private static boolean hasRow(RowInventory rows, String name) {
    return volumeId(name).map(rows.volumes()::containsKey).orElse(false);
  }

  /** Which volume's that would be, by its name alone. */
  static Optional<UUID> volumeId(String name) {
    try {
      return Optional.of(UUID.fromString(IMAGE_SUFFIX.matcher(name).replaceFirst("")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Finding unknown(String kind, String place, String name) {
    ManagedPath path = ManagedPath.of(ManagedRoot.VOLUMES, place);
    ManagedPath aside = ManagedPath.of(ManagedRoot.VOLUMES, Layout.QUARANTINE + "/" + name);
    return Finding.of(Severity.WARNING, kind, kernel.display(path), "no row explains it")
        .withRemedy(
            "move it to " + Layout.QUARANTINE,
            () ->
                repairs.apply(
                    "quarantine",
                    HostPlan.of(new HostOperation.Move(path, aside)),
                    Subject.unknown(volumeId(name).orElse(null))));
  }

  private void unknownGroups(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    Set<Long> known =
        rows.volumes().values().stream()
            .map(RowInventory.Row::qgroup)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    for (Qgroup group : onHost.qgroups().values()) {
      if (group.id() >= Qgroup.FIRST && !known.contains(group.id())) {
        Finding finding =
            Finding.of(
                Severity.WARNING,
                "unknown-qgroup",
                "1/" + group.id(),
                "no row explains this quota group; it counts "
                    + group.referencedBytes()
                    + " bytes");
        findings.accept(
            group.referencedBytes() > 0
                ? finding
                : finding.withRemedy(
                    "remove it, it is empty",
                    () ->
                        repairs.apply(
                            "remove-qgroup",
                            HostPlan.of(new HostOperation.RemoveQgroup(group.id())),
                            Subject.unknown(null))));
      }
    }
  }

  private static void unknownLoopDevices(
      RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    for (LoopDevice device : onHost.loopDevices()) {
      String file = device.backingFile().substring(device.backingFile().lastIndexOf('/') + 1);
      if (!hasRow(rows, file)) {
        findings.accept(
            Finding.of(
                Severity.WARNING,
                "unknown-loop-device",
                device.device(),
                "no row explains its backing file " + device.backingFile()));
      }
    }
  }
}
