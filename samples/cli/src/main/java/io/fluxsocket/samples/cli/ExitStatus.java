package io.fluxsocket.samples.cli;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@code connect} exits with. The README has the table.
 *
 * <p>A close of 1001 to 1014 exits with its code less 990.
 */
final class ExitStatus {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int BAD_ARGUMENTS = 2;
    static final int NOT_CONNECTED = 3;
    static final int REFUSED = 4;
    static final int NO_ANSWER = 5;

    private static final int LIBRARY_CODE = 30;
    private static final int APPLICATION_CODE = 40;

    private ExitStatus() {}

    /** For {@code --help}: status and meaning, in order. */
    static Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        table.put("0", "closed with 1000 or without a status, or as this end wanted");
        table.put("1", "something unexpected");
        table.put("2", "bad arguments");
        table.put("3", "could not connect: name, network, TLS or time");
        table.put("4", "the server answered with something else than a WebSocket");
        table.put("5", "no answer to --message in time");
        table.put("11", "closed with 1001, going away");
        table.put("12", "closed with 1002, protocol error");
        table.put("13", "closed with 1003, unsupported data");
        table.put("16", "the connection was lost without a close (1006)");
        table.put("17", "closed with 1007, invalid payload");
        table.put("18", "closed with 1008, policy violation");
        table.put("19", "closed with 1009, message too big");
        table.put("20", "closed with 1010, extension missing");
        table.put("21", "closed with 1011, internal error");
        table.put("22", "closed with 1012, service restart");
        table.put("23", "closed with 1013, try again later");
        table.put("24", "closed with 1014, bad gateway");
        table.put("30", "closed with 3000 to 3999");
        table.put("40", "closed with 4000 to 4999");
        table.put("130", "interrupted (Ctrl-C) where there is no prompt");
        return table;
    }

    /** @param wanted whether this end has closed because it was told to */
    static int of(CloseEvent event, boolean wanted) {
        if (wanted && event.initiator() == Initiator.LOCAL) {
            return event.clean() ? DONE : of(CloseStatus.ABNORMAL.code());
        }
        return of(event.status().code());
    }

    private static int of(int code) {
        if (code == CloseStatus.NORMAL.code() || code == CloseStatus.NO_STATUS.code()) {
            return DONE;
        }
        if (code < 3000) {
            return code - 990;
        }
        return code < 4000 ? LIBRARY_CODE : APPLICATION_CODE;
    }
}
