package io.penstock.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** Which part of the broker may know what. */
@AnalyzeClasses(packages = "io.penstock.core", importOptions = DoNotIncludeTests.class)
class CoreLayeringTest {

    @ArchTest
    static final ArchRule shouldUseNothingButTheLayersBelow = classes()
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "org.slf4j..",
                    "org.apache.kafka..",
                    "io.vertx.core..",
                    "com.google.re2j..",
                    "io.penstock.config..",
                    "io.penstock.storage..",
                    "io.penstock.core.."));

    @ArchTest
    static final ArchRule shouldReachChronicleOnlyThroughItsStore = noClasses()
            .that()
            .doNotHaveSimpleName("DirectoryStorage")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.penstock.storage.chronicle..", "net.openhft.."));

    @ArchTest
    static final ArchRule shouldKnowRegularExpressionsInOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage("io.penstock.core.group.pattern..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("com.google.re2j.."));

    @ArchTest
    static final ArchRule shouldKeepVertxInTheShell = noClasses()
            .that()
            .resideOutsideOfPackages("io.penstock.core.runtime..", "io.penstock.core.api..")
            .and()
            .doNotHaveFullyQualifiedName(ClusterAdmin.class.getName())
            .and()
            .doNotHaveFullyQualifiedName(GroupCoordinator.class.getName())
            .and()
            .doNotHaveFullyQualifiedName(TransactionCoordinator.class.getName())
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.vertx..", "io.netty.."));

    @ArchTest
    static final ArchRule shouldKeepStateMachinesFromFilesClocksAndThreads = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.penstock.core.metadata..", "io.penstock.core.partition..", "io.penstock.core.dedup..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "java.nio.file..", "java.nio.channels..", "java.net..", "java.time..")
                    .or(describe("are files", type -> type.getFullName().matches("java\\.io\\.(File|Random).*")))
                    .or(describe("are threads, executors or locks", CoreLayeringTest::isThreading)))
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime");

    /** They may share numbers between threads, but never wait. */
    @ArchTest
    static final ArchRule shouldKeepQuotasFromFilesClocksAndLocks = noClasses()
            .that()
            .resideInAPackage("io.penstock.core.quota..")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("java.nio..", "java.net..", "java.time..", "java.util.concurrent.locks..")
                            .or(describe("are threads", type -> type.isAssignableTo(Thread.class))))
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime");

    private static boolean isThreading(JavaClass type) {
        String name = type.getFullName();
        return type.isAssignableTo(Thread.class)
                || name.startsWith("java.util.concurrent.locks.")
                || name.startsWith("java.util.concurrent.atomic.")
                || name.matches(
                        "java\\.util\\.concurrent\\.(.*Executor.*|Fork.*|.*Queue|.*Latch|Semaphore|Concurrent.*)");
    }

    @ArchTest
    static final ArchRule shouldShowEmbeddersNothingOfKafka = methods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.penstock.core.api..")
            .and()
            .arePublic()
            .should(showNothingOf(resideInAnyPackage("org.apache.kafka..")));

    private static ArchCondition<JavaMethod> showNothingOf(DescribedPredicate<JavaClass> hidden) {
        return new ArchCondition<>("show nothing of " + hidden.getDescription()) {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean isShown = hidden.test(method.getRawReturnType())
                        || method.getRawParameterTypes().stream().anyMatch(hidden);
                events.add(new SimpleConditionEvent(method, !isShown, method.getDescription()));
            }
        };
    }
}
