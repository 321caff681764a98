package io.fluxsocket.reactive;

import io.fluxsocket.core.handshake.HandshakeHeaders;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What the opening handshake told about a connection.
 *
 * <p>Immutable, but for {@link #attributes()}. Safe for use by several threads.
 */
public final class HandshakeInfo {
    private static final VarHandle ATTRIBUTES;

    static {
        try {
            ATTRIBUTES = MethodHandles.lookup().findVarHandle(HandshakeInfo.class, "attributes", Map.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** As text: the parts that a URI holds apart would be half of an idle connection's handshake info. */
    private final String uri;

    private final HandshakeHeaders headers;
    private final @Nullable String subprotocol;
    private final List<String> extensions;
    private final @Nullable SocketAddress localAddress;
    private final @Nullable SocketAddress remoteAddress;
    private final @Nullable SSLSession sslSession;
    private final @Nullable Principal principal;
    private volatile @Nullable Map<String, Object> attributes;

    private HandshakeInfo(Builder builder) {
        uri = builder.uri.toString();
        headers = builder.headers;
        subprotocol = builder.subprotocol;
        extensions = builder.extensions;
        localAddress = builder.localAddress;
        remoteAddress = builder.remoteAddress;
        sslSession = builder.sslSession;
        principal = builder.principal;
        attributes = builder.attributes.isEmpty() ? null : new ConcurrentHashMap<>(builder.attributes);
    }

    /**
     * A builder that holds this URI and nothing else.
     *
     * @param uri see {@link #uri()}
     * @return a new builder
     */
    public static Builder builder(URI uri) {
        return new Builder(uri);
    }

    /** {@return what was asked for: absolute on a client; on a server as the request had it, path and query at least} */
    public URI uri() {
        return URI.create(uri);
    }

    /** {@return the peer's headers: on a server those of the request, on a client those of the response} */
    public HandshakeHeaders headers() {
        return headers;
    }

    /** {@return the subprotocol agreed on (RFC 6455 §1.9); null if there is none} */
    public @Nullable String subprotocol() {
        return subprotocol;
    }

    /** {@return the extensions agreed on with their parameters, as in the header of the response; unmodifiable} */
    public List<String> extensions() {
        return extensions;
    }

    /** {@return this end's address; null if the transport has none} */
    public @Nullable SocketAddress localAddress() {
        return localAddress;
    }

    /** {@return the peer's address; null if the transport has none} */
    public @Nullable SocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** {@return the TLS session; null without TLS} */
    public @Nullable SSLSession sslSession() {
        return sslSession;
    }

    /** {@return who the peer was found to be when it shook hands; null if nobody asked} */
    public @Nullable Principal principal() {
        return principal;
    }

    /** {@return the application's own attributes of this connection: mutable, for use by several threads, without nulls} */
    public Map<String, Object> attributes() {
        Map<String, Object> map = attributes;
        if (map == null) {
            Map<String, Object> created = new ConcurrentHashMap<>(4);
            map = ATTRIBUTES.compareAndSet(this, null, created) ? created : Objects.requireNonNull(attributes);
        }
        return map;
    }

    @Override
    public String toString() {
        return uri + (remoteAddress == null ? "" : ", peer " + remoteAddress);
    }

    /** Collects what is known. Not thread-safe. What is not set is absent. */
    public static final class Builder {
        private final URI uri;
        private HandshakeHeaders headers = HandshakeHeaders.of();
        private @Nullable String subprotocol;
        private List<String> extensions = List.of();
        private @Nullable SocketAddress localAddress;
        private @Nullable SocketAddress remoteAddress;
        private @Nullable SSLSession sslSession;
        private @Nullable Principal principal;
        private Map<String, Object> attributes = Map.of();

        private Builder(URI uri) {
            this.uri = Objects.requireNonNull(uri, "uri");
        }

        /**
         * Sets the peer's headers.
         *
         * @param headers see {@link HandshakeInfo#headers()}
         * @return this builder
         */
        public Builder headers(HandshakeHeaders headers) {
            this.headers = Objects.requireNonNull(headers, "headers");
            return this;
        }

        /**
         * Sets the subprotocol.
         *
         * @param subprotocol see {@link HandshakeInfo#subprotocol()}
         * @return this builder
         */
        public Builder subprotocol(@Nullable String subprotocol) {
            this.subprotocol = subprotocol;
            return this;
        }

        /**
         * Sets the extensions.
         *
         * @param extensions copied; see {@link HandshakeInfo#extensions()}
         * @return this builder
         */
        public Builder extensions(List<String> extensions) {
            this.extensions = List.copyOf(extensions);
            return this;
        }

        /**
         * Sets this end's address.
         *
         * @param address see {@link HandshakeInfo#localAddress()}
         * @return this builder
         */
        public Builder localAddress(@Nullable SocketAddress address) {
            localAddress = address;
            return this;
        }

        /**
         * Sets the peer's address.
         *
         * @param address see {@link HandshakeInfo#remoteAddress()}
         * @return this builder
         */
        public Builder remoteAddress(@Nullable SocketAddress address) {
            remoteAddress = address;
            return this;
        }

        /**
         * Sets the TLS session.
         *
         * @param session see {@link HandshakeInfo#sslSession()}
         * @return this builder
         */
        public Builder sslSession(@Nullable SSLSession session) {
            sslSession = session;
            return this;
        }

        /**
         * Sets who the peer is.
         *
         * @param principal see {@link HandshakeInfo#principal()}
         * @return this builder
         */
        public Builder principal(@Nullable Principal principal) {
            this.principal = principal;
            return this;
        }

        /**
         * Sets the attributes that the connection begins with.
         *
         * @param attributes copied; see {@link HandshakeInfo#attributes()}
         * @return this builder
         */
        public Builder attributes(Map<String, Object> attributes) {
            this.attributes = Map.copyOf(attributes);
            return this;
        }

        /** {@return what is known, as it stands} */
        public HandshakeInfo build() {
            return new HandshakeInfo(this);
        }
    }
}
