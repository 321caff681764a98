package io.fluxsocket.reactive.spring;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.docs.ObservationDocumentation;

/** The observations of {@link FluxsocketRequestUpgradeStrategy} and {@link FluxsocketWebSocketClient}. */
public enum WebSocketObservation implements ObservationDocumentation {
    /** A request is upgraded on a server: from the end of the filters to the 101, or to the refusal. */
    SERVER_HANDSHAKE("fluxsocket.websocket.server.handshake", HandshakeKeys.values()),

    /** A session on a server, from its handler's call to the end of the connection. The handler's observations are within. */
    SERVER_SESSION("fluxsocket.websocket.server.session", SessionKeys.values()),

    /** A client connects: from the subscription to the open connection, or to the failure. */
    CLIENT_HANDSHAKE("fluxsocket.websocket.client.handshake", HandshakeKeys.values()),

    /** A session on a client, from its handler's call to the end of the connection. The handler's observations are within. */
    CLIENT_SESSION("fluxsocket.websocket.client.session", SessionKeys.values());

    private final String name;

    @SuppressWarnings("ImmutableEnumChecker") // Only copies are given away.
    private final KeyName[] keyNames;

    WebSocketObservation(String name, KeyName[] keyNames) {
        this.name = name;
        this.keyNames = keyNames;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public KeyName[] getLowCardinalityKeyNames() {
        return keyNames.clone();
    }

    @Override
    public KeyName[] getHighCardinalityKeyNames() {
        return UrlKey.values();
    }

    /** What is known of a handshake. */
    public enum HandshakeKeys implements KeyName {
        /** On a server the pattern of the handler, {@code UNKNOWN} if there is none; on a client {@code none}. */
        URI {
            @Override
            public String asString() {
                return "uri";
            }
        },
        /** The status of the response; {@code NONE} if there was none. */
        STATUS {
            @Override
            public String asString() {
                return "status";
            }
        }
    }

    /** What is known of a session. */
    public enum SessionKeys implements KeyName {
        /** On a server the pattern of the handler, {@code UNKNOWN} if there is none; on a client {@code none}. */
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
        /** Who began to close: {@code local}, {@code remote}, or {@code none} if the connection was lost. */
        INITIATOR {
            @Override
            public String asString() {
                return "initiator";
            }
        }
    }

    /** For traces alone: there are as many values as peers like. */
    public enum UrlKey implements KeyName {
        /** The whole URL. */
        URL {
            @Override
            public String asString() {
                return "http.url";
            }
        }
    }
}
