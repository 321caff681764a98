package io.fluxsocket.samples.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Where messages are kept, and how nodes hear of each other. */
interface Backend {
    /** How many messages of a room a node keeps at hand. */
    int HISTORY = 1000;

    /**
     * Keeps what was said.
     *
     * @param key told again within ten minutes, it is kept once
     * @return its id, when it is kept
     */
    Mono<MessageId> append(String room, String key, String name, String text);

    /** The last messages of a room, at most {@link #HISTORY}, oldest first. */
    Mono<List<Message>> history(String room);

    /** The messages of a room behind this one, as they come. Does not end. */
    Flux<Message> messages(String room, MessageId after);

    /** Tells the other nodes; who does not listen just now misses it. */
    Mono<Void> tell(Gossip gossip);

    /** What other nodes, and perhaps this one, tell. Does not end. */
    Flux<Gossip> gossip();

    /**
     * What is true for a moment only.
     *
     * @param typing who types; null if that is not the news
     * @param members who is there on that node; null if that is not the news
     */
    record Gossip(
            String node,
            String room,
            @Nullable String typing,
            @Nullable List<Event.Member> members) {}
}
