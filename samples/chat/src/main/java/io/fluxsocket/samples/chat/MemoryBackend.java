package io.fluxsocket.samples.chat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One node by itself. What was said is kept by its rooms. */
final class MemoryBackend implements Backend {
    /** One room: what comes, and which keys have come lately. */
    private static final class Stream {
        private final Sinks.Many<Message> messages = Sinks.many().multicast().directBestEffort();
        private final Map<String, MessageId> keys = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, MessageId> eldest) {
                return size() > HISTORY;
            }
        };

        private MessageId last = MessageId.FIRST;

        synchronized MessageId append(String key, String name, String text) {
            MessageId known = keys.get(key);
            if (known != null) {
                return known;
            }
            long now = System.currentTimeMillis();
            last = now > last.millis() ? new MessageId(now, 0) : new MessageId(last.millis(), last.number() + 1);
            keys.put(key, last);
            messages.emitNext(
                    new Message(last, key, name, text), Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
            return last;
        }
    }

    private final Map<String, Stream> streams = new ConcurrentHashMap<>();

    private Stream stream(String room) {
        return streams.computeIfAbsent(room, name -> new Stream());
    }

    @Override
    public Mono<MessageId> append(String room, String key, String name, String text) {
        return Mono.fromSupplier(() -> stream(room).append(key, name, text));
    }

    @Override
    public Mono<List<Message>> history(String room) {
        return Mono.just(List.of());
    }

    @Override
    public Flux<Message> messages(String room, MessageId after) {
        return stream(room).messages.asFlux();
    }

    @Override
    public Mono<Void> tell(Gossip gossip) {
        return Mono.empty();
    }

    @Override
    public Flux<Gossip> gossip() {
        return Flux.never();
    }
}
