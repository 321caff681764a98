package io.fluxsocket.samples.chat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The rooms that somebody on this node has entered. They stay open, so there is a bound. */
final class Rooms implements DisposableBean {
    static final int MOST = 100;
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");

    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Duration SILENCE = HEARTBEAT.multipliedBy(3);

    private final Backend backend;
    private final String node;
    private final Map<String, Mono<Room>> rooms = new ConcurrentHashMap<>();
    private final Map<String, Room> open = new ConcurrentHashMap<>();
    private final Disposable.Composite running = Disposables.composite();

    Rooms(Backend backend, String node) {
        this.backend = backend;
        this.node = node;
        running.add(backend.gossip().subscribe(this::hear));
        running.add(Flux.interval(HEARTBEAT)
                .onBackpressureDrop()
                .subscribe(tick -> open.values().forEach(room -> {
                    room.forget(SILENCE);
                    tellMembers(room);
                })));
    }

    /** The room, when its history is here; an error if there can be none of that name. */
    Mono<Room> enter(String name) {
        if (!NAME.matcher(name).matches()) {
            return Mono.error(new IllegalArgumentException("a room is named with a-z, 0-9 and -"));
        }
        if (rooms.size() >= MOST && !rooms.containsKey(name)) {
            return Mono.error(new IllegalArgumentException("there are too many rooms"));
        }
        return rooms.computeIfAbsent(
                name,
                key -> open(key).cache(room -> Duration.ofDays(10_000), error -> Duration.ZERO, () -> Duration.ZERO));
    }

    private Mono<Room> open(String name) {
        return backend.history(name).map(history -> {
            Room room = new Room(name);
            if (history.size() == Backend.HISTORY) {
                room.forgetBefore(history.get(0));
            }
            history.forEach(room::add);
            running.add(Flux.defer(() -> backend.messages(name, room.last()))
                    .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                            .maxBackoff(Duration.ofSeconds(5))
                            .transientErrors(true))
                    .subscribe(room::add));
            open.put(name, room);
            return room;
        });
    }

    private void hear(Backend.Gossip gossip) {
        Room room = open.get(gossip.room());
        if (room == null || gossip.node().equals(node)) {
            return;
        }
        String typing = gossip.typing();
        if (typing != null) {
            room.typing(typing);
        }
        List<Event.Member> members = gossip.members();
        if (members != null) {
            room.heardOf(gossip.node(), members);
        }
    }

    void tellTyping(Room room, String name) {
        room.typing(name);
        tell(new Backend.Gossip(node, room.name(), name, null));
    }

    void tellMembers(Room room) {
        tell(new Backend.Gossip(node, room.name(), null, room.here()));
    }

    /** Lost gossip is no fault: the next heartbeat tells. */
    private void tell(Backend.Gossip gossip) {
        backend.tell(gossip).subscribe(null, error -> {});
    }

    @Override
    public void destroy() {
        running.dispose();
    }
}
