package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each property has the default and the range of the table in {@link EngineSettings}. */
class EngineSettingsTest {
    /** A property that is a number. */
    record Property(
            String name,
            long defaultValue,
            long lowest,
            long highest,
            boolean isInt,
            BiFunction<EngineSettings.Builder, Long, EngineSettings.Builder> setter,
            ToLongFunction<EngineSettings> getter) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Property> properties() {
        return List.of(
                new Property(
                        "receiveBufferSize",
                        4096,
                        256,
                        1 << 30,
                        true,
                        (builder, value) -> builder.receiveBufferSize(value.intValue()),
                        EngineSettings::receiveBufferSize),
                new Property(
                        "sendBufferSize",
                        0,
                        16,
                        1 << 30,
                        true,
                        (builder, value) -> builder.sendBufferSize(value.intValue()),
                        EngineSettings::sendBufferSize),
                new Property(
                        "maxFrameSize",
                        16 << 20,
                        125,
                        Long.MAX_VALUE,
                        false,
                        (builder, value) -> builder.maxFrameSize(value),
                        EngineSettings::maxFrameSize),
                new Property(
                        "maxMessageSize",
                        Long.MAX_VALUE,
                        125,
                        Long.MAX_VALUE,
                        false,
                        (builder, value) -> builder.maxMessageSize(value),
                        EngineSettings::maxMessageSize),
                new Property(
                        "queueCapacity",
                        16,
                        1,
                        1024,
                        true,
                        (builder, value) -> builder.queueCapacity(value.intValue()),
                        EngineSettings::queueCapacity));
    }

    @ParameterizedTest
    @MethodSource("properties")
    void aNumberHasItsDefault(Property property) {
        assertThat(property.getter().applyAsLong(EngineSettings.DEFAULT)).isEqualTo(property.defaultValue());
        assertThat(property.getter().applyAsLong(EngineSettings.builder().build()))
                .isEqualTo(property.defaultValue());
    }

    @ParameterizedTest
    @MethodSource("properties")
    void aNumberIsTakenWithinItsRange(Property property) {
        for (long value : new long[] {property.lowest(), property.lowest() + 1, property.highest()}) {
            EngineSettings settings =
                    property.setter().apply(EngineSettings.builder(), value).build();
            assertThat(property.getter().applyAsLong(settings)).isEqualTo(value);
            assertThat(property.getter().applyAsLong(settings.toBuilder().build()))
                    .isEqualTo(value);
        }
    }

    @ParameterizedTest
    @MethodSource("properties")
    void aNumberOutsideOfItsRangeIsRefusedByName(Property property) {
        long above = property.isInt() ? property.highest() + 1 : -1;
        long lowest = property.isInt() ? Integer.MIN_VALUE : Long.MIN_VALUE;
        for (long value : new long[] {property.lowest() - 1, -1, above, lowest}) {
            if (value == 0 && property.name().equals("sendBufferSize")) {
                continue;
            }
            assertThatThrownBy(() -> property.setter().apply(EngineSettings.builder(), value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(property.name())
                    .hasMessageContaining(Long.toString(value))
                    .hasMessageContaining(Long.toString(property.lowest()))
                    .hasMessageContaining(Long.toString(property.highest()));
        }
    }

    @Test
    void aSendBufferSizeOf0MeansTheDefault() {
        EngineSettings.Builder builder = EngineSettings.builder().sendBufferSize(100);

        assertThat(builder.sendBufferSize(0).build().sendBufferSize()).isZero();
    }

    @Test
    void switchesHaveTheirDefaults() {
        assertThat(EngineSettings.DEFAULT.maskingDisabled()).isFalse();
        assertThat(EngineSettings.DEFAULT.utf8VerificationDisabled()).isFalse();
        assertThat(EngineSettings.DEFAULT.automaticCloseEcho()).isTrue();
        assertThat(EngineSettings.DEFAULT.indicatePings()).isFalse();
    }

    @Test
    void everySwitchIsKeptByItselfAlsoThroughToBuilder() {
        for (int bits = 0; bits < 16; bits++) {
            EngineSettings settings = EngineSettings.builder()
                    .maskingDisabled((bits & 1) != 0)
                    .utf8VerificationDisabled((bits & 2) != 0)
                    .automaticCloseEcho((bits & 4) != 0)
                    .indicatePings((bits & 8) != 0)
                    .build();
            for (EngineSettings same :
                    new EngineSettings[] {settings, settings.toBuilder().build()}) {
                assertThat(same.maskingDisabled()).isEqualTo((bits & 1) != 0);
                assertThat(same.utf8VerificationDisabled()).isEqualTo((bits & 2) != 0);
                assertThat(same.automaticCloseEcho()).isEqualTo((bits & 4) != 0);
                assertThat(same.indicatePings()).isEqualTo((bits & 8) != 0);
            }
        }
    }

    @Test
    void settingsDoNotChangeWithTheirBuilder() {
        EngineSettings.Builder builder = EngineSettings.builder().maxFrameSize(1000);
        EngineSettings settings = builder.build();
        builder.maxFrameSize(2000);

        assertThat(settings.maxFrameSize()).isEqualTo(1000);
    }
}
