package io.fluxsocket.samples.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The four parameters of permessage-deflate (RFC 7692 §7.1), of an offer or of a response.
 *
 * @param serverWindowBits 0 where the parameter is absent
 * @param clientWindowBits 0 where the parameter is absent, {@link #WITHOUT_VALUE} where it has no value
 */
record DeflateTerms(
        boolean serverNoContextTakeover, boolean clientNoContextTakeover, int serverWindowBits, int clientWindowBits) {
    static final int WITHOUT_VALUE = -1;

    private static final String NAME = "permessage-deflate";

    /** What the case wants of the subject: that its messages are compressed each by itself, and in this window if not 0. */
    record Wish(boolean noContextTakeover, int windowBits) {
        /** What a judging client offers: the wish, and that its own output may be limited. */
        DeflateTerms offer() {
            return new DeflateTerms(noContextTakeover, true, windowBits, WITHOUT_VALUE);
        }

        /** What a judging server answers to an offer; null if the offer does not allow the wish. */
        @Nullable
        DeflateTerms answer(DeflateTerms offer) {
            boolean allowed = (!noContextTakeover || offer.clientNoContextTakeover)
                    && (windowBits == 0 || offer.clientWindowBits != 0);
            return allowed
                    ? new DeflateTerms(
                            offer.serverNoContextTakeover, noContextTakeover, offer.serverWindowBits, windowBits)
                    : null;
        }
    }

    /** The extension header of a judging client. */
    static String offers(List<Wish> wishes) {
        return String.join(
                ", ", wishes.stream().map(wish -> wish.offer().toString()).toList());
    }

    /** What a judging server answers to a subject's header: the first wish that any of its offers allows. */
    static @Nullable DeflateTerms answer(List<Wish> wishes, @Nullable String header) {
        List<DeflateTerms> offers = parse(header);
        for (Wish wish : wishes) {
            for (DeflateTerms offer : offers) {
                DeflateTerms answer = wish.answer(offer);
                if (answer != null) {
                    return answer;
                }
            }
        }
        return null;
    }

    /** What a subject answered to a judging client; null if it declined. */
    static @Nullable DeflateTerms accepted(List<Wish> wishes, @Nullable String header) {
        List<DeflateTerms> answers = parse(header);
        if (answers.isEmpty()) {
            return null;
        }
        DeflateTerms answer = answers.get(0);
        boolean legal = answers.size() == 1
                && answer.clientWindowBits != WITHOUT_VALUE
                && wishes.stream().anyMatch(answer::fulfils);
        if (!legal) {
            throw new Fault(1010, "to " + offers(wishes) + " the answer was " + header);
        }
        return answer;
    }

    private boolean fulfils(Wish wish) {
        return (serverNoContextTakeover || !wish.noContextTakeover())
                && (wish.windowBits() == 0 || serverWindowBits != 0 && serverWindowBits <= wish.windowBits());
    }

    private static List<DeflateTerms> parse(@Nullable String header) {
        List<DeflateTerms> all = new ArrayList<>();
        if (header == null) {
            return all;
        }
        for (String extension : header.split(",")) {
            List<String> parts =
                    Arrays.stream(extension.split(";")).map(String::strip).toList();
            if (!parts.get(0).equals(NAME)) {
                continue;
            }
            Map<String, String> values = new HashMap<>();
            for (String part : parts.subList(1, parts.size())) {
                String[] pair = part.split("=", 2);
                String before = values.put(pair[0].strip(), pair.length == 1 ? "" : pair[1].strip());
                if (before != null) {
                    throw new Fault(1010, "a parameter stands twice in " + header);
                }
            }
            boolean server = values.remove("server_no_context_takeover") != null;
            boolean client = values.remove("client_no_context_takeover") != null;
            int serverBits = bits(values.remove("server_max_window_bits"));
            int clientBits = bits(values.remove("client_max_window_bits"));
            if (!values.isEmpty()) {
                throw new Fault(1010, "unknown parameters in " + header);
            }
            all.add(new DeflateTerms(server, client, serverBits, clientBits));
        }
        return all;
    }

    private static int bits(@Nullable String value) {
        if (value == null) {
            return 0;
        }
        int bits = value.isEmpty() ? WITHOUT_VALUE : Integer.parseInt(value);
        if (bits != WITHOUT_VALUE && (bits < 8 || bits > 15)) {
            throw new Fault(1010, "a window of " + bits + " bits");
        }
        return bits;
    }

    /** As it stands in the header. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(NAME);
        if (serverNoContextTakeover) {
            text.append("; server_no_context_takeover");
        }
        if (clientNoContextTakeover) {
            text.append("; client_no_context_takeover");
        }
        if (serverWindowBits != 0) {
            text.append("; server_max_window_bits=").append(serverWindowBits);
        }
        if (clientWindowBits != 0) {
            text.append("; client_max_window_bits");
        }
        if (clientWindowBits > 0) {
            text.append('=').append(clientWindowBits);
        }
        return text.toString();
    }
}
