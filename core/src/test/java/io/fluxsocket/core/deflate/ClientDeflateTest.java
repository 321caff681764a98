package io.fluxsocket.core.deflate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fluxsocket.core.handshake.Extension;
import io.fluxsocket.core.handshake.HandshakeException;
import io.fluxsocket.core.handshake.HandshakeFault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientDeflateTest {
    private static final String PMD = "permessage-deflate";
    private static final DeflateSettings ALL = DeflateSettings.builder()
            .serverNoContextTakeover(true)
            .clientNoContextTakeover(true)
            .serverMaxWindowBits(11)
            .clientMaxWindowBits(10)
            .build();

    private static DeflateParameters agreed(DeflateSettings settings, String response) {
        DeflateAgreement agreement = new ClientDeflate(settings).agreement(Extension.parse(response));
        assertThat(agreement).isNotNull();
        assertThat(agreement.settings()).isSameAs(settings);
        return agreement.parameters();
    }

    private static void isRefused(DeflateSettings settings, String response) {
        ClientDeflate deflate = new ClientDeflate(settings);
        List<Extension> extensions = Extension.parse(response);
        assertThatExceptionOfType(HandshakeException.class)
                .isThrownBy(() -> deflate.agreement(extensions))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(HandshakeFault.EXTENSIONS_NOT_SUPPORTED))
                .withMessageContaining(PMD)
                .withMessageContaining("RFC 7692");
    }

    @Test
    void theOfferAsksForNothingByDefaultAndLetsItsOwnWindowBeLimited() {
        assertThat(Extension.format(new ClientDeflate(DeflateSettings.DEFAULT).offers()))
                .isEqualTo(PMD + "; client_max_window_bits");
    }

    @Test
    void theOfferNamesWhatTheSettingsAskFor() {
        assertThat(Extension.format(new ClientDeflate(ALL).offers()))
                .isEqualTo(PMD + "; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=11;"
                        + " client_max_window_bits=10");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            permessage-deflate                             | false | false | 15 | 15
            permessage-deflate; server_no_context_takeover | true  | false | 15 | 15
            permessage-deflate; client_no_context_takeover | false | true  | 15 | 15
            permessage-deflate; server_max_window_bits=8   | false | false | 8  | 15
            permessage-deflate; client_max_window_bits=8   | false | false | 15 | 8
            permessage-deflate; client_max_window_bits=15; server_max_window_bits=15 | false | false | 15 | 15
            """)
    void aServerMayAnswerWhatWasNotAskedFor(
            String response, boolean serverNone, boolean clientNone, int server, int client) {
        assertThat(agreed(DeflateSettings.DEFAULT, response))
                .isEqualTo(new DeflateParameters(serverNone, clientNone, server, client));
    }

    @Test
    void aServerMayAnswerLessThanWasAskedFor() {
        assertThat(agreed(
                        ALL, PMD + "; server_no_context_takeover; server_max_window_bits=9; client_max_window_bits=8"))
                .isEqualTo(new DeflateParameters(true, false, 9, 8));
        assertThat(agreed(ALL, PMD + "; server_no_context_takeover; server_max_window_bits=11"))
                .isEqualTo(new DeflateParameters(true, false, 11, 15));
    }

    @Test
    void aServerMayDecline() {
        ClientDeflate deflate = new ClientDeflate(ALL);
        assertThat(deflate.agreement(List.of())).isNull();
        assertThat(deflate.agreement(List.of(Extension.of("foo")))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; unknown",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=7",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=010"
            })
    void aResponseThatBreaksTheRulesIsRefused(String response) {
        isRefused(DeflateSettings.DEFAULT, response);
    }

    @Test
    void aResponseThatDoesNotKeepToTheOfferIsRefused() {
        isRefused(ALL, PMD);
        isRefused(ALL, PMD + "; server_no_context_takeover");
        isRefused(ALL, PMD + "; server_max_window_bits=11");
        isRefused(ALL, PMD + "; server_no_context_takeover; server_max_window_bits=12");
        isRefused(ALL, PMD + "; server_no_context_takeover; server_max_window_bits=11; client_max_window_bits=11");
    }
}
