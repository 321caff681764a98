package io.fluxsocket.reactive;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Imports run one way, samples → spring → netty → session → core. The session knows no transport. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.fluxsocket");

    @Test
    void sessionDependsOnEngineAndReactorAlone() {
        classes()
                .that()
                .resideInAPackage("io.fluxsocket.reactive")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.fluxsocket.core..",
                        "io.fluxsocket.reactive",
                        "java..",
                        "javax.net.ssl",
                        "org.jspecify.annotations",
                        "org.reactivestreams",
                        "reactor.core..",
                        "reactor.util..")
                .check(CLASSES);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("io.fluxsocket.(**)").should().beFreeOfCycles().check(CLASSES);
    }
}
