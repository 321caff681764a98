package io.fluxsocket.core.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.handshake.Extension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerDeflateTest {
    private static final String PMD = "permessage-deflate";

    private static String answer(DeflateSettings settings, String offers) {
        List<Extension> accepted = new ServerDeflate(settings).negotiate(Extension.parse(offers));
        return accepted.isEmpty() ? "" : Extension.format(accepted);
    }

    private static String answer(String offers) {
        return answer(DeflateSettings.DEFAULT, offers);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            permessage-deflate                                     | permessage-deflate
            permessage-deflate; server_no_context_takeover         | permessage-deflate; server_no_context_takeover
            permessage-deflate; client_no_context_takeover         | permessage-deflate
            permessage-deflate; server_max_window_bits=8           | permessage-deflate; server_max_window_bits=8
            permessage-deflate; server_max_window_bits=9           | permessage-deflate; server_max_window_bits=9
            permessage-deflate; server_max_window_bits=15          | permessage-deflate; server_max_window_bits=15
            permessage-deflate; server_max_window_bits="10"        | permessage-deflate; server_max_window_bits=10
            permessage-deflate; client_max_window_bits             | permessage-deflate
            permessage-deflate; client_max_window_bits=8           | permessage-deflate
            permessage-deflate; client_max_window_bits=15          | permessage-deflate
            permessage-deflate; client_max_window_bits=9; client_no_context_takeover; server_max_window_bits=12; server_no_context_takeover | permessage-deflate; server_no_context_takeover; server_max_window_bits=12
            """)
    void anOfferIsAcceptedWithWhatItAsksOfTheServer(String offer, String answer) {
        assertThat(answer(offer)).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "server_no_context_takeover=1",
                "client_no_context_takeover=true",
                "server_max_window_bits",
                "server_max_window_bits=7",
                "server_max_window_bits=16",
                "server_max_window_bits=08",
                "server_max_window_bits=+9",
                "server_max_window_bits=9x",
                "server_max_window_bits=4294967305",
                "client_max_window_bits=7",
                "client_max_window_bits=16",
                "client_max_window_bits=015",
                "Server_Max_Window_Bits=9",
                "server_no_context_takeover; server_no_context_takeover",
                "client_no_context_takeover; client_no_context_takeover",
                "server_max_window_bits=9; server_max_window_bits=9",
                "client_max_window_bits; client_max_window_bits=10",
                "unknown; unknown"
            })
    void anOfferThatBreaksTheRulesIsDeclined(String parameters) {
        assertThat(answer(PMD + "; " + parameters)).isEmpty();
        assertThat(answer(PMD + "; " + parameters + ", " + PMD + "; server_max_window_bits=10"))
                .isEqualTo(PMD + "; server_max_window_bits=10");
    }

    @Test
    void theFirstGoodOfSeveralOffersIsAccepted() {
        assertThat(answer(PMD + "; server_no_context_takeover; server_max_window_bits=9, " + PMD
                        + "; server_no_context_takeover, " + PMD))
                .isEqualTo(PMD + "; server_no_context_takeover; server_max_window_bits=9");
        assertThat(answer("x-webkit-deflate-frame, " + PMD + "; mystery, " + PMD))
                .isEqualTo(PMD);
    }

    @Test
    void otherExtensionsAreLeftOut() {
        assertThat(answer("foo, Permessage-Deflate, permessage-bzip2")).isEmpty();
        assertThat(new ServerDeflate(DeflateSettings.DEFAULT).negotiate(List.of()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            permessage-deflate                            | permessage-deflate; server_max_window_bits=11
            permessage-deflate; server_max_window_bits=9  | permessage-deflate; server_max_window_bits=9
            permessage-deflate; server_max_window_bits=15 | permessage-deflate; server_max_window_bits=11
            permessage-deflate; client_max_window_bits    | permessage-deflate; server_max_window_bits=11; client_max_window_bits=10
            permessage-deflate; client_max_window_bits=15 | permessage-deflate; server_max_window_bits=11; client_max_window_bits=10
            permessage-deflate; client_max_window_bits=9  | permessage-deflate; server_max_window_bits=11; client_max_window_bits=9
            """)
    void windowsAreLimitedToTheSmallerOfOfferAndSettings(String offer, String answer) {
        DeflateSettings settings = DeflateSettings.builder()
                .serverMaxWindowBits(11)
                .clientMaxWindowBits(10)
                .build();

        assertThat(answer(settings, offer)).isEqualTo(answer);
    }

    @Test
    void theSettingsMayForbidContextTakeoverThatTheClientDidNotMention() {
        DeflateSettings settings = DeflateSettings.builder()
                .serverNoContextTakeover(true)
                .clientNoContextTakeover(true)
                .build();

        assertThat(answer(settings, PMD)).isEqualTo(PMD + "; server_no_context_takeover; client_no_context_takeover");
    }

    @Test
    void theAgreementIsWhatWasAnswered() {
        DeflateSettings settings =
                DeflateSettings.builder().clientNoContextTakeover(true).build();
        ServerDeflate deflate = new ServerDeflate(settings);
        List<Extension> accepted =
                deflate.negotiate(Extension.parse(PMD + "; server_no_context_takeover; server_max_window_bits=12"));

        assertThat(deflate.agreement(accepted))
                .isEqualTo(new DeflateAgreement(new DeflateParameters(true, true, 12, 15), settings));
        assertThat(deflate.agreement(List.of())).isNull();
        assertThat(deflate.agreement(List.of(Extension.of("foo")))).isNull();
    }
}
