package io.fluxsocket.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Imports run one way, samples → spring → netty → session → core. The engine stands at the end, on java.base alone. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.fluxsocket");

    @Test
    void engineDependsOnTheJdkAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.fluxsocket.core..", "java..", "javax.crypto..", "org.jspecify.annotations")
                .check(CLASSES);
    }

    @Test
    void engineHasNoInputOutputThreadsClocksOrLogging() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.nio.channels..",
                        "java.nio.file..",
                        "java.util.concurrent..",
                        "java.util.logging..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, Instant.class, Thread.class, System.Logger.class)
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(CLASSES);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("io.fluxsocket.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** The compiler sees to it that the module uses nothing that its descriptor does not require. */
    @Test
    void moduleRequiresJavaBaseAlone() throws URISyntaxException {
        Set<Requires> requires = descriptor().requires();

        assertThat(requires.stream()
                        .filter(module -> !module.modifiers().contains(Modifier.STATIC))
                        .map(Requires::name)
                        .collect(toSet()))
                .containsExactly("java.base");
        assertThat(requires.stream()
                        .filter(module -> module.modifiers().contains(Modifier.STATIC))
                        .map(Requires::name)
                        .collect(toSet()))
                .containsExactly("org.jspecify");
    }

    private static ModuleDescriptor descriptor() throws URISyntaxException {
        URI classes = BufferType.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        return ModuleFinder.of(Path.of(classes))
                .find("io.fluxsocket.core")
                .orElseThrow()
                .descriptor();
    }
}
