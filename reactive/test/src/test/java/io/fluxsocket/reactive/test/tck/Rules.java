package io.fluxsocket.reactive.test.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/**
 * The rules of the Reactive Streams TCK, which are TestNG tests, as dynamic tests of JUnit: one for each rule.
 *
 * <p>A rule that the TCK skips is skipped here, with the TCK's reason, if its name says that the TCK cannot verify it, or if
 * it is among the exceptions that the caller gives with a sentence why. Any other skip is a failure, and so is an exception
 * that is verified after all.
 */
final class Rules {
    private Rules() {}

    /** Signals come at once here; how long their absence is watched bounds only what a broken implementation could hide. */
    static TestEnvironment environment() {
        return new TestEnvironment(5_000, 50, 50);
    }

    /**
     * The rules of a verification.
     *
     * @param verification a new one for each rule
     * @param exceptions what the TCK skips for a reason of ours: the rule's name, and why
     */
    static Stream<DynamicTest> of(Supplier<?> verification, Map<String, String> exceptions) {
        List<Method> rules = annotated(verification.get().getClass(), Test.class);
        Set<String> names = new TreeSet<>();
        rules.forEach(rule -> names.add(rule.getName()));
        Set<String> skipped = new ConcurrentSkipListSet<>();
        Stream<DynamicTest> tests = rules.stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getName(), () -> verify(verification.get(), rule, exceptions, skipped)));
        DynamicTest exact = DynamicTest.dynamicTest("exceptionsAreThoseThatTheTckMakes", () -> {
            assertThat(names).hasSizeGreaterThan(20).containsAll(exceptions.keySet());
            assertThat(skipped).containsExactlyInAnyOrderElementsOf(exceptions.keySet());
        });
        return Stream.concat(tests, Stream.of(exact));
    }

    private static void verify(Object verification, Method rule, Map<String, String> exceptions, Set<String> skipped)
            throws Throwable {
        call(verification, BeforeClass.class);
        try {
            call(verification, BeforeMethod.class);
            invoke(verification, rule);
        } catch (SkipException e) {
            String why = exceptions.get(rule.getName());
            if (why != null) {
                skipped.add(rule.getName());
            } else if (!rule.getName().startsWith("untested_")) {
                throw new AssertionError("the TCK skips a rule that is to hold: " + e.getMessage(), e);
            }
            throw new TestAbortedException(why == null ? e.getMessage() : why + " (TCK: " + e.getMessage() + ")", e);
        } finally {
            call(verification, AfterClass.class);
        }
    }

    private static void call(Object verification, Class<? extends Annotation> when) throws Throwable {
        for (Method method : annotated(verification.getClass(), when)) {
            invoke(verification, method);
        }
    }

    private static List<Method> annotated(Class<?> type, Class<? extends Annotation> annotation) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.isAnnotationPresent(annotation) && !method.isBridge())
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    private static void invoke(Object verification, Method method) throws Throwable {
        try {
            method.setAccessible(true);
            method.invoke(verification);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
