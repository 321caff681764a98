package io.fluxsocket.samples.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** One room as this node knows it: the last messages, who is there, and who types. Safe for use by several threads. */
final class Room {
    private record Elsewhere(List<Event.Member> members, long heard) {}

    private final String name;
    private final ConcurrentSkipListMap<MessageId, Message> log = new ConcurrentSkipListMap<>();
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private final Map<String, Elsewhere> elsewhere = new HashMap<>();
    private final Sinks.Many<Boolean> news = Sinks.many().multicast().directBestEffort();

    private volatile List<Event.Member> present = List.of();
    private volatile Event.@Nullable Typing typing;
    private volatile MessageId forgotten = MessageId.FIRST;

    Room(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** "Look again." */
    Flux<Boolean> news() {
        return news.asFlux();
    }

    // ---- messages

    void add(Message message) {
        if (log.put(message.id(), message) == null && log.size() > Backend.HISTORY) {
            forgotten = log.firstKey();
            log.pollFirstEntry();
        }
        tell();
    }

    /** Messages up to this one may have been left behind; who stands before it cannot have them all. */
    MessageId forgotten() {
        return forgotten;
    }

    /** What came before this history is not here. */
    void forgetBefore(Message oldest) {
        forgotten = oldest.id().before();
    }

    MessageId last() {
        Map.Entry<MessageId, Message> last = log.lastEntry();
        return last == null ? MessageId.FIRST : last.getKey();
    }

    @Nullable
    Message next(MessageId after) {
        Map.Entry<MessageId, Message> next = log.higherEntry(after);
        return next == null ? null : next.getValue();
    }

    int countAfter(MessageId id) {
        return log.tailMap(id, false).size();
    }

    /** The place behind which that many messages are left. */
    MessageId before(int count) {
        MessageId place = last();
        for (int i = 0; i < count && place != null; i++) {
            place = log.lowerKey(place);
        }
        return place == null ? MessageId.FIRST : place;
    }

    // ---- who is there

    void enter(Reader reader) {
        readers.add(reader);
        membersChanged();
    }

    void leave(Reader reader) {
        readers.remove(reader);
        membersChanged();
    }

    /** Who is there on this node. */
    List<Event.Member> here() {
        return merge(readers.stream().map(Reader::member).toList());
    }

    /** Who is there on any node. The same list as long as nothing changes. */
    List<Event.Member> present() {
        return present;
    }

    void heardOf(String node, List<Event.Member> members) {
        synchronized (this) {
            elsewhere.put(node, new Elsewhere(members, System.nanoTime()));
        }
        membersChanged();
    }

    /** Forgets nodes that have been silent that long. */
    void forget(Duration silence) {
        synchronized (this) {
            long now = System.nanoTime();
            elsewhere.values().removeIf(node -> now - node.heard() > silence.toNanos());
        }
        membersChanged();
    }

    /** Told outside of the lock: who is told may want it. */
    void membersChanged() {
        if (mergeAll()) {
            tell();
        }
    }

    private synchronized boolean mergeAll() {
        List<Event.Member> all = new ArrayList<>(here());
        elsewhere.values().forEach(node -> all.addAll(node.members()));
        List<Event.Member> merged = merge(all);
        boolean changed = !merged.equals(present);
        if (changed) {
            present = merged;
        }
        return changed;
    }

    /** By name; who has several pages open is as slow as the slowest. */
    private static List<Event.Member> merge(Collection<Event.Member> members) {
        TreeMap<String, Boolean> slow = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        members.forEach(member -> slow.merge(member.name(), member.slow(), Boolean::logicalOr));
        return slow.entrySet().stream()
                .map(entry -> new Event.Member(entry.getKey(), entry.getValue()))
                .toList();
    }

    // ---- who types

    void typing(String who) {
        typing = new Event.Typing(who);
        tell();
    }

    Event.@Nullable Typing typing() {
        return typing;
    }

    private void tell() {
        news.emitNext(true, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
    }
}
