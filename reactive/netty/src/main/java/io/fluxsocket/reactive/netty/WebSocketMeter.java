package io.fluxsocket.reactive.netty;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/**
 * The meters of {@link WebSocketMeters}. In the names, {@code %s} is {@value WebSocketMeters#SERVER} or {@value
 * WebSocketMeters#CLIENT}.
 */
public enum WebSocketMeter implements MeterDocumentation {
    /** Time from the request to its answer; on a client from the subscription. */
    HANDSHAKE_TIME("%s.handshake.time", Meter.Type.TIMER, WebSocketMeter.HandshakeTags.values()),

    /** How long sessions were open, recorded at their end. */
    CONNECTION_DURATION("%s.connection.duration", Meter.Type.TIMER, Tags.values()),

    /** Bytes of payload received, chunk by chunk, inflated; pings, pongs and closes do not count. */
    DATA_RECEIVED("%s.data.received", Meter.Type.DISTRIBUTION_SUMMARY, Tags.values()) {
        @Override
        public String getBaseUnit() {
            return "bytes";
        }
    },

    /** Bytes of payload sent, frame by frame, before compression; pings, pongs and closes do not count. */
    DATA_SENT("%s.data.sent", Meter.Type.DISTRIBUTION_SUMMARY, Tags.values()) {
        @Override
        public String getBaseUnit() {
            return "bytes";
        }
    },

    /** Handshakes that failed without a valid answer, and sessions that ended other than by two closes. */
    ERRORS("%s.errors", Meter.Type.COUNTER, Tags.values()),

    /** Sessions that are open. */
    CONNECTIONS_ACTIVE("%s.connections.active", Meter.Type.GAUGE, Tags.values()),

    /** Sessions that have ended, by code and by who began. */
    CONNECTIONS_CLOSED("%s.connections.closed", Meter.Type.COUNTER, ClosedTags.values()),

    /** Bytes that wait to be sent, of all open sessions together. */
    QUEUED_BYTES("%s.queued.bytes", Meter.Type.GAUGE, Tags.values()) {
        @Override
        public String getBaseUnit() {
            return "bytes";
        }
    },

    /** Round trips of pings: of the application's and of keep-alive's. */
    PING_TIME("%s.ping.time", Meter.Type.TIMER, Tags.values());

    private final String name;
    private final Meter.Type type;

    @SuppressWarnings("ImmutableEnumChecker") // Only copies are given away.
    private final KeyName[] keyNames;

    WebSocketMeter(String name, Meter.Type type, KeyName[] keyNames) {
        this.name = name;
        this.type = type;
        this.keyNames = keyNames;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Meter.Type getType() {
        return type;
    }

    @Override
    public KeyName[] getKeyNames() {
        return keyNames.clone();
    }

    /** The tags of most meters. */
    public enum Tags implements KeyName {
        /** What was asked for, as the application templates it. */
        URI {
            @Override
            public String asString() {
                return "uri";
            }
        }
    }

    /** The tags of handshakes. */
    public enum HandshakeTags implements KeyName {
        /** What was asked for, as the application templates it. */
        URI {
            @Override
            public String asString() {
                return "uri";
            }
        },
        /** The status of the response, {@code 101} if it was accepted; {@code NONE} if there was none, {@code INVALID} for a 101 that breaks RFC 6455. */
        STATUS {
            @Override
            public String asString() {
                return "status";
            }
        }
    }

    /** The tags of sessions that have ended. */
    public enum ClosedTags implements KeyName {
        /** What was asked for, as the application templates it. */
        URI {
            @Override
            public String asString() {
                return "uri";
            }
        },
        /** The close code; of those that peers may choose freely, {@code 3xxx} and {@code 4xxx}. */
        CODE {
            @Override
            public String asString() {
                return "code";
            }
        },
        /** Who began: {@code local}, {@code remote}, or {@code none} if the connection was lost. */
        INITIATOR {
            @Override
            public String asString() {
                return "initiator";
            }
        }
    }
}
