package io.fluxsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeaderGrammarTest {

    @Test
    void tokensHaveTheCharactersOfRfc9110() {
        String tokenCharacters = IntStream.range(0, 0x300)
                .filter(character -> HeaderGrammar.isToken(Character.toString(character)))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        assertThat(tokenCharacters)
                .isEqualTo("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");
    }

    @Test
    void nothingIsNoToken() {
        assertThat(HeaderGrammar.isToken("")).isFalse();
        assertThat(HeaderGrammar.isToken("ab c")).isFalse();
    }

    @Test
    void onlySpacesAndTabsAreTrimmed() {
        assertThat(HeaderGrammar.trim(" \t a \t b\t ")).isEqualTo("a \t b");
        assertThat(HeaderGrammar.trim(" \t ")).isEmpty();
        assertThat(HeaderGrammar.trim("\u000Ba\u00A0")).isEqualTo("\u000Ba\u00A0");
    }

    @Test
    void quotedValuesArePrintableAscii() {
        assertThat(HeaderGrammar.quote(" ~\u001F\u007F\u00E9\u20AC")).isEqualTo("' ~????'");
        assertThat(HeaderGrammar.quote("")).isEqualTo("''");
    }

    @Test
    void quotedValuesAreCutBehind64Characters() {
        String longest = "x".repeat(64);
        assertThat(HeaderGrammar.quote(longest)).isEqualTo("'" + longest + "'");
        assertThat(HeaderGrammar.quote(longest + "y")).isEqualTo("'" + longest + "\u2026'");
    }
}
