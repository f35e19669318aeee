package io.penstock.config;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.penstock.config", importOptions = ImportOption.DoNotIncludeTests.class)
class ConfigArchitectureTest {

    @ArchTest
    static final ArchRule SHOULD_USE_ONLY_JDK_AND_SLF4J = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.penstock.config..", "java..", "org.slf4j..", "org.jspecify..");

    @ArchTest
    static final ArchRule SHOULD_HAVE_NO_CYCLES =
            slices().matching("io.penstock.(config.*)..").should().beFreeOfCycles();
}
