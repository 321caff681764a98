package io.fluxsocket.reactive.netty;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Imports run one way, samples → spring → netty → session → core. Reactor Netty is known here and nowhere below. */
class ArchitectureTest {
    /** Of these tests, not below: it looks for Netty's leaks. */
    private static final String WATCH = "io.fluxsocket.reactive.watch..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.fluxsocket");

    @Test
    void transportDependsOnSessionAndReactorNettyAlone() {
        classes()
                .that()
                .resideInAPackage("io.fluxsocket.reactive.netty..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.fluxsocket.core..",
                        "io.fluxsocket.reactive",
                        "io.fluxsocket.reactive.netty..",
                        "io.micrometer..",
                        "io.netty..",
                        "java..",
                        "javax.net.ssl",
                        "org.jspecify.annotations",
                        "org.reactivestreams",
                        "reactor.core..",
                        "reactor.netty..",
                        "reactor.util..")
                .check(CLASSES);
    }

    @Test
    void nothingBelowKnowsNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.fluxsocket.reactive.netty..", WATCH)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fluxsocket.reactive.netty..", "io.netty..", "reactor.netty..")
                .check(CLASSES);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("io.fluxsocket.(**)").should().beFreeOfCycles().check(CLASSES);
    }
}
