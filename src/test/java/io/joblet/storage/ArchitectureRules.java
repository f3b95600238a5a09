package io.joblet.storage;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Map;

/** What must hold in a {@link House}, by name. */
record ArchitectureRules(House house) {

  Map<String, ArchRule> byName() {
    return Map.ofEntries(
        Map.entry("packages import only what the house allows", imports()),
        Map.entry("packages have no cycles", noCycles()),
        Map.entry("host knows the JDK only", hostKnowsTheJdkOnly()),
        Map.entry("JNA only in host.linux", onlyIn("com.sun.jna..", "host.linux")),
        Map.entry("messages only in grpc, rest, console and cli", messages()),
        Map.entry("picocli only in cli", onlyIn("picocli..", "cli")),
        Map.entry("BouncyCastle only in cli", onlyIn("org.bouncycastle..", "cli")),
        Map.entry("JPA only in journal, owner, volume, job and reconcile", jpa()),
        Map.entry("cli runs without the daemon's framework", cliWithoutFramework()),
        Map.entry("standard streams only in main and cli", standardStreams()),
        Map.entry("no java.util.logging", noClasses().should(USE_JAVA_UTIL_LOGGING)),
        Map.entry("injection by constructor", constructorInjection()),
        Map.entry("no names that say nothing", namesThatSaySomething()));
  }

  private ArchRule imports() {
    return classes().should(new ImportOnlyWhatIsAllowed(house));
  }

  private ArchRule noCycles() {
    return slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return house.owns(type)
                    ? SliceIdentifier.of(house.room(type))
                    : SliceIdentifier.ignore();
              }

              @Override
              public String getDescription() {
                return "packages";
              }
            })
        .should()
        .beFreeOfCycles();
  }

  private ArchRule hostKnowsTheJdkOnly() {
    return classes()
        .that(house.in("host"))
        .should()
        .onlyDependOnClassesThat(house.in("host").or(resideInAnyPackage("java..")));
  }

  private ArchRule messages() {
    DescribedPredicate<JavaClass> wire =
        resideInAnyPackage("com.google.protobuf..", "com.google.rpc..", "io.grpc..");
    return noClasses()
        .that(not(house.in("grpc", "rest", "console", "cli", House.MESSAGES)))
        .should()
        .dependOnClassesThat(wire.or(house.in(House.MESSAGES)));
  }

  private ArchRule jpa() {
    return noClasses()
        .that(not(house.in("journal", "owner", "volume", "job", "reconcile")))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "jakarta.persistence..", "org.hibernate..", "io.quarkus.hibernate.."));
  }

  private ArchRule cliWithoutFramework() {
    return noClasses()
        .that(house.in("cli"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.quarkus..", "io.smallrye..", "jakarta..", "org.jboss.."));
  }

  private ArchRule standardStreams() {
    return noClasses().that(not(house.in(House.MAIN, "cli"))).should(ACCESS_STANDARD_STREAMS);
  }

  private ArchRule constructorInjection() {
    return noFields().should().beAnnotatedWith("jakarta.inject.Inject");
  }

  private ArchRule namesThatSaySomething() {
    return noClasses()
        .that(not(house.in(House.MESSAGES)))
        .should()
        .haveNameMatching(".*(Impl|Util|Utils|Helper|Helpers|Manager|Dto|Constants)");
  }

  private ArchRule onlyIn(String packages, String room) {
    return noClasses()
        .that(describe("are not in " + room, type -> !house.in(room).test(type)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(packages));
  }
}
