package io.fluxsocket.reactive.netty;

import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.SessionObserver;
import io.fluxsocket.reactive.WebSocketConnection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Meters of a Micrometer registry for the WebSockets of a server or of a client: those that {@link WebSocketMeter} describes.
 * Needs {@code io.micrometer:micrometer-core}, which nothing else here does.
 *
 * <pre>{@code
 * WebSocketServer.create()
 *         .observer(WebSocketMeters.ofServer(registry, uri -> uri.startsWith("/rooms/") ? "/rooms/{room}" : "other"))
 * }</pre>
 */
public final class WebSocketMeters implements WebSocketObserver {
    /** What the names of a server's meters begin with. */
    public static final String SERVER = "fluxsocket.websocket.server";

    /** What the names of a client's meters begin with. */
    public static final String CLIENT = "fluxsocket.websocket.client";

    private final MeterRegistry registry;
    private final String prefix;
    private final UnaryOperator<String> uriTag;
    private final Map<String, OfUri> byUri = new ConcurrentHashMap<>();

    private WebSocketMeters(MeterRegistry registry, String prefix, UnaryOperator<String> uriTag) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.prefix = prefix;
        this.uriTag = Objects.requireNonNull(uriTag, "uriTag");
    }

    /**
     * Meters of a server.
     *
     * @param registry takes the meters
     * @param uriTag makes the tag {@code uri} of the path and query of a request: a template, of which there are few
     * @return the observer
     */
    public static WebSocketMeters ofServer(MeterRegistry registry, UnaryOperator<String> uriTag) {
        return new WebSocketMeters(registry, SERVER, uriTag);
    }

    /**
     * Meters of a client.
     *
     * @param registry takes the meters
     * @param uriTag makes the tag {@code uri} of the URI that is connected to: a template, of which there are few
     * @return the observer
     */
    public static WebSocketMeters ofClient(MeterRegistry registry, UnaryOperator<String> uriTag) {
        return new WebSocketMeters(registry, CLIENT, uriTag);
    }

    @Override
    public Handshake begin(String uri) {
        OfUri meters = byUri.computeIfAbsent(uriTag.apply(uri), OfUri::new);
        long began = registry.config().clock().monotonicTime();
        return new Handshake() {
            @Override
            public SessionObserver opened() {
                answered("101");
                return new Session(meters);
            }

            @Override
            public void refused(int status, @Nullable Throwable cause) {
                boolean isInvalid = status == 101;
                answered(status == 0 ? "NONE" : isInvalid ? "INVALID" : String.valueOf(status));
                if (status == 0 || isInvalid) {
                    meters.errors.increment();
                }
            }

            private void answered(String status) {
                Timer.builder(WebSocketMeter.HANDSHAKE_TIME.getName(prefix))
                        .tags(meters.tags.and(WebSocketMeter.HandshakeTags.STATUS.asString(), status))
                        .register(registry)
                        .record(registry.config().clock().monotonicTime() - began, TimeUnit.NANOSECONDS);
            }
        };
    }

    /** The meters of one value of the tag {@code uri}. */
    private final class OfUri {
        final Tags tags;
        final Set<WebSocketConnection> open = ConcurrentHashMap.newKeySet();
        final Timer duration;
        final Timer pings;
        final DistributionSummary received;
        final DistributionSummary sent;
        final Counter errors;

        OfUri(String uri) {
            tags = Tags.of(WebSocketMeter.Tags.URI.asString(), uri);
            duration = Timer.builder(WebSocketMeter.CONNECTION_DURATION.getName(prefix))
                    .tags(tags)
                    .register(registry);
            pings = Timer.builder(WebSocketMeter.PING_TIME.getName(prefix))
                    .tags(tags)
                    .register(registry);
            received = summary(WebSocketMeter.DATA_RECEIVED);
            sent = summary(WebSocketMeter.DATA_SENT);
            errors = Counter.builder(WebSocketMeter.ERRORS.getName(prefix))
                    .tags(tags)
                    .register(registry);
            Gauge.builder(WebSocketMeter.CONNECTIONS_ACTIVE.getName(prefix), open, Set::size)
                    .tags(tags)
                    .register(registry);
            Gauge.builder(WebSocketMeter.QUEUED_BYTES.getName(prefix), open, OfUri::queuedBytes)
                    .baseUnit(WebSocketMeter.QUEUED_BYTES.getBaseUnit())
                    .tags(tags)
                    .register(registry);
        }

        private DistributionSummary summary(WebSocketMeter meter) {
            return DistributionSummary.builder(meter.getName(prefix))
                    .baseUnit(meter.getBaseUnit())
                    .tags(tags)
                    .register(registry);
        }

        private static double queuedBytes(Set<WebSocketConnection> open) {
            return open.stream().mapToLong(WebSocketConnection::queuedBytes).sum();
        }

        void closed(CloseEvent event) {
            String initiator = event.initiator().name().toLowerCase(Locale.ROOT);
            Counter.builder(WebSocketMeter.CONNECTIONS_CLOSED.getName(prefix))
                    .tags(tags.and(
                            WebSocketMeter.ClosedTags.CODE.asString(),
                            code(event),
                            WebSocketMeter.ClosedTags.INITIATOR.asString(),
                            initiator))
                    .register(registry)
                    .increment();
            if (!event.clean()) {
                errors.increment();
            }
        }

        /** Two thousand codes are the peer's to choose: it must not make two thousand meters. */
        private static String code(CloseEvent event) {
            int code = event.status().code();
            return code < 3000 ? String.valueOf(code) : code / 1000 + "xxx";
        }
    }

    /** One session. */
    private final class Session implements SessionObserver {
        private final OfUri meters;
        private final long opened = registry.config().clock().monotonicTime();
        private @Nullable WebSocketConnection connection;

        Session(OfUri meters) {
            this.meters = meters;
        }

        @Override
        public void opened(WebSocketConnection connection) {
            this.connection = connection;
            meters.open.add(connection);
        }

        @Override
        public void received(int bytes, boolean endOfMessage) {
            meters.received.record(bytes);
        }

        @Override
        public void sent(int bytes, boolean endOfMessage) {
            meters.sent.record(bytes);
        }

        @Override
        public void ponged(Duration roundTrip) {
            meters.pings.record(roundTrip);
        }

        @Override
        public void closed(CloseEvent event, @Nullable Throwable cause) {
            try {
                meters.duration.record(registry.config().clock().monotonicTime() - opened, TimeUnit.NANOSECONDS);
                meters.closed(event);
            } finally {
                // At last: a session that is no longer open has been counted.
                if (connection != null) {
                    meters.open.remove(connection);
                }
            }
        }
    }
}
