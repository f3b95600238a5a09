package io.joblet.storage;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** A class lives in a known room and imports from the rooms its own may import from. */
final class ImportOnlyWhatIsAllowed extends ArchCondition<JavaClass> {
  private final House house;

  ImportOnlyWhatIsAllowed(House house) {
    super("import only what docs/architecture.md allows");
    this.house = house;
  }

  @Override
  public void check(JavaClass importer, ConditionEvents events) {
    if (!house.isKnown(importer)) {
      events.add(
          SimpleConditionEvent.violated(
              importer,
              importer.getName() + " is in a package that docs/architecture.md does not name"));
    }
    for (Dependency dependency : importer.getDirectDependenciesFromSelf()) {
      JavaClass imported = dependency.getTargetClass().getBaseComponentType();
      if (house.owns(imported) && !house.mayImport(importer, imported)) {
        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
      }
    }
  }
}
