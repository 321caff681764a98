package io.fluxsocket.reactive.test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Imports run one way, test → session → core, and without AssertJ all but the assertions work. */
class ArchitectureTest {
    private static final String[] ALLOWED = {
        "io.fluxsocket.core..",
        "io.fluxsocket.reactive",
        "io.fluxsocket.reactive.test",
        "java..",
        "org.jspecify.annotations",
        "org.reactivestreams",
        "reactor.core..",
        "reactor.test..",
        "reactor.util.."
    };

    @Test
    void theKitDependsOnTheSessionAndReactorAlone() {
        classes()
                .that()
                .resideInAPackage("io.fluxsocket.reactive.test")
                .and()
                .haveSimpleNameNotEndingWith("Assert")
                .and()
                .doNotHaveSimpleName("WebSocketAssertions")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ALLOWED)
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.fluxsocket.reactive.test"));
    }
}
