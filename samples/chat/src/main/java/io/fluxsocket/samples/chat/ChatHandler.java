package io.fluxsocket.samples.chat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.util.UriComponents;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** One client in one room: {@code /rooms/lobby?name=Ada&last=1700000000000-0}. */
final class ChatHandler implements WebSocketHandler {
    private static final int LONGEST_NAME = 32;
    private static final int LONGEST_TEXT = 2000;
    private static final int LONGEST_KEY = 64;

    /** What makes one name look like another, or like none. */
    private static final Set<Integer> INVISIBLE = Set.of(
            (int) Character.CONTROL,
            (int) Character.FORMAT,
            (int) Character.SURROGATE,
            (int) Character.LINE_SEPARATOR,
            (int) Character.PARAGRAPH_SEPARATOR);

    private final Rooms rooms;
    private final Backend backend;
    private final ChatProperties properties;
    private final JsonMapper json;
    private final ChatMeters meters;

    ChatHandler(Rooms rooms, Backend backend, ChatProperties properties, JsonMapper json, ChatMeters meters) {
        this.rooms = rooms;
        this.backend = backend;
        this.properties = properties;
        this.json = json;
        this.meters = meters;
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        UriComponents uri = UriComponentsBuilder.fromUri(
                        session.getHandshakeInfo().getUri())
                .build();
        MultiValueMap<String, String> query = uri.getQueryParams();
        String path = String.valueOf(uri.getPath());
        String room = path.substring(path.lastIndexOf('/') + 1);
        return Mono.defer(() -> rooms.enter(room)
                        .flatMap(entered -> converse(session, entered, name(query), last(query.getFirst("last")))))
                .onErrorResume(
                        IllegalArgumentException.class,
                        wrong -> session.close(
                                CloseStatus.POLICY_VIOLATION.withReason(String.valueOf(wrong.getMessage()))));
    }

    private static String name(MultiValueMap<String, String> query) {
        String encoded = query.getFirst("name");
        String name = encoded == null ? "" : decode(encoded).strip();
        if (name.isEmpty()
                || name.length() > LONGEST_NAME
                || name.codePoints().anyMatch(character -> INVISIBLE.contains(Character.getType(character)))) {
            throw new IllegalArgumentException("a name has 1 to " + LONGEST_NAME + " visible characters");
        }
        return name;
    }

    private static String decode(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the name is not percent-encoded", e);
        }
    }

    private static @Nullable MessageId last(@Nullable String last) {
        return last == null ? null : MessageId.parse(last);
    }

    private Mono<Void> converse(WebSocketSession session, Room room, String name, @Nullable MessageId last) {
        Reader reader = new Reader(room, name, last, properties.longestLag(), meters::skipped);
        Flux<Event> events = Flux.concat(
                Mono.just(new Event.Welcome(properties.node(), room.name())),
                // Looked at lazily: an event is taken when the connection asks for one.
                reader.news().doOnNext(news -> reader.lagChanged()).flatMapIterable(news -> () -> reader, 1));
        Mono<Void> out = session.send(events.map(event -> message(session, event)));
        // The next message is looked at when this one is kept, and its sender has been told.
        Pace pace = new Pace();
        Mono<Void> in = session.receive()
                .filter(message -> message.getType() == WebSocketMessage.Type.TEXT)
                .concatMap(
                        message -> answer(room, reader, name, pace, read(message))
                                .flatMap(answer -> session.send(Mono.just(message(session, answer)))),
                        1)
                .then();
        return Mono.firstWithSignal(in, out)
                .doOnSubscribe(subscription -> {
                    meters.entered();
                    room.enter(reader);
                    rooms.tellMembers(room);
                })
                .doFinally(signal -> {
                    meters.left();
                    room.leave(reader);
                    rooms.tellMembers(room);
                });
    }

    private Mono<Event> answer(Room room, Reader reader, String name, Pace pace, Event.FromPage told) {
        switch (String.valueOf(told.type())) {
            case "say" -> {
                return say(room, name, pace, told.key(), told.text());
            }
            case "typing" -> rooms.tellTyping(room, name);
            case "seen" -> reader.seen(MessageId.parse(String.valueOf(told.id())));
            default -> throw new IllegalArgumentException("a type is say, typing or seen");
        }
        return Mono.empty();
    }

    /** Confirmed when the backend has it, and not before. */
    private Mono<Event> say(Room room, String name, Pace pace, @Nullable String key, @Nullable String text) {
        if (key == null || key.isEmpty() || key.length() > LONGEST_KEY) {
            return Mono.just(new Event.Refused(null, "a key has 1 to " + LONGEST_KEY + " characters"));
        }
        if (text == null || text.isBlank() || text.length() > LONGEST_TEXT) {
            return Mono.just(new Event.Refused(key, "a message has 1 to " + LONGEST_TEXT + " characters"));
        }
        Duration delay = pace.delay(System.nanoTime());
        Mono<MessageId> kept = backend.append(room.name(), key, name, text);
        return (delay.isZero() ? kept : Mono.delay(delay).then(kept)).map(id -> {
            meters.said();
            return new Event.Confirmed(key, id);
        });
    }

    private Event.FromPage read(WebSocketMessage message) {
        try {
            Event.FromPage told = json.readValue(message.getPayloadAsText(), Event.FromPage.class);
            if (told == null) {
                throw new IllegalArgumentException("null is no message");
            }
            return told;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("that is not JSON", e);
        }
    }

    private WebSocketMessage message(WebSocketSession session, Event event) {
        return session.textMessage(json.writeValueAsString(event));
    }
}
