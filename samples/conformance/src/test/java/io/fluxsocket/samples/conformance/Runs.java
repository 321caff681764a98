package io.fluxsocket.samples.conformance;

import java.util.List;
import java.util.Set;

/** Which cases are played, and how long they are. */
final class Runs {
    /** The profile {@code conformance} sets it: everything, as long as the suite has it. */
    private static final boolean WHOLE = Boolean.getBoolean("conformance.whole");

    private static final int MESSAGES_OF_THE_SUITE = 1000;

    /** Enough that larger messages fill the window, and that the data begins again. */
    private static final int FEW_MESSAGES = Integer.getInteger("conformance.messages", 5);

    private static final Set<Integer> SHORT_SECTIONS = Set.of(1, 2, 3, 4, 5, 6, 7, 10);

    /** One of each group of the long sections; the larger messages and the smaller fragments are left to the profile. */
    private static final Set<String> SAMPLES = Set.of(
            "9.1.3", "9.2.3", "9.3.5", "9.4.5", "9.5.6", "9.6.6", "9.7.3", "9.8.3", "12.1.8", "12.2.15", "12.3.4",
            "12.4.18", "12.5.9", "13.1.8", "13.2.8", "13.3.8", "13.4.8", "13.5.8", "13.6.8", "13.7.8");

    private Runs() {}

    /** Against the bare engine: all 517 cases in every build. */
    static List<Case> inMemory() {
        return Catalogue.all(FEW_MESSAGES);
    }

    /** Over sockets: a part of the cases in every build, all of them in the profile. */
    static List<Case> overSockets() {
        return WHOLE
                ? Catalogue.all(Integer.getInteger("conformance.messages", MESSAGES_OF_THE_SUITE))
                : Catalogue.all(FEW_MESSAGES).stream()
                        .filter(test -> SHORT_SECTIONS.contains(test.section()) || SAMPLES.contains(test.id()))
                        .toList();
    }
}
