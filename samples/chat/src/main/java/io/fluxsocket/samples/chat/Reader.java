package io.fluxsocket.samples.chat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * One client's place in a room: an iterator over what it is to be told next, asked once for each demand of the connection. It
 * queues nothing.
 *
 * <p><b>Slow clients.</b> A page says what it has shown. At most {@value #WINDOW} messages are on their way to it unseen; the
 * others wait in the room's log, which they would be in anyhow. If more than the longest lag wait, all but the last {@value
 * #KEPT} are left out, and the page is told how many. What a client missed while it was not connected does not count as lag.
 * Of who is there, and who types, only the latest is told.
 */
final class Reader implements Iterator<Event> {
    static final int WINDOW = 16;
    static final int KEPT = 10;

    /** What who comes for the first time gets to see. */
    static final int SHOWN_AT_FIRST = 50;

    private final Room room;
    private final String name;
    private final int longestLag;
    private final IntConsumer skipped;
    private final Deque<MessageId> unseen = new ArrayDeque<>(WINDOW);
    private final MessageId missed;
    private final boolean resumed;
    private MessageId place;
    private @Nullable List<Event.Member> toldPresent;
    private Event.@Nullable Typing toldTyping;
    private @Nullable Event ahead;
    private final Sinks.Many<Boolean> seen = Sinks.many().multicast().directBestEffort();
    private volatile boolean slow;

    /**
     * Stands behind a message.
     *
     * @param last the last message that the client saw; null if it is new
     * @param longestLag how many messages may wait for it before some are left out
     * @param skipped told how many messages are left out
     */
    Reader(Room room, String name, @Nullable MessageId last, int longestLag, IntConsumer skipped) {
        this.room = room;
        this.name = name;
        this.longestLag = longestLag;
        this.skipped = skipped;
        this.place = last == null ? room.before(SHOWN_AT_FIRST) : last;
        this.missed = room.last();
        this.resumed = last != null;
        this.toldTyping = room.typing();
    }

    Event.Member member() {
        return new Event.Member(name, slow);
    }

    /** The client has shown this message, and all before it. */
    void seen(MessageId id) {
        synchronized (this) {
            while (!unseen.isEmpty() && unseen.peekFirst().compareTo(id) <= 0) {
                unseen.removeFirst();
            }
        }
        lagChanged();
        seen.emitNext(true, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
    }

    /** Whether it has become slow, or is no longer. */
    void lagChanged() {
        boolean lags;
        synchronized (this) {
            lags = room.countAfter(place) > WINDOW;
        }
        if (lags != slow) {
            slow = lags;
            room.membersChanged();
        }
    }

    /** "Look again", from the room and from what the client has seen. */
    Flux<Boolean> news() {
        return Flux.merge(room.news(), seen.asFlux()).startWith(true).onBackpressureLatest();
    }

    @Override
    public synchronized boolean hasNext() {
        if (ahead == null) {
            ahead = find();
        }
        return ahead != null;
    }

    @Override
    public synchronized Event next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Event next = Objects.requireNonNull(ahead);
        ahead = null;
        return next;
    }

    @SuppressWarnings("ReferenceEquality") // the same person types again: another event, though an equal one
    private @Nullable Event find() {
        int lag = lag();
        if (lag > longestLag) {
            place = room.before(KEPT);
            int count = lag - KEPT;
            skipped.accept(count);
            return new Event.Skipped(count);
        }
        MessageId forgotten = room.forgotten();
        if (resumed && place.compareTo(forgotten) < 0) {
            place = forgotten;
            return new Event.Skipped(null);
        }
        Message message = unseen.size() < WINDOW ? room.next(place) : null;
        if (message != null) {
            place = message.id();
            unseen.addLast(place);
            return new Event.Said(message);
        }
        List<Event.Member> present = room.present();
        if (present != toldPresent) {
            toldPresent = present;
            return new Event.Present(present);
        }
        Event.Typing typing = room.typing();
        if (typing != null && typing != toldTyping && !typing.name().equals(name)) {
            toldTyping = typing;
            return typing;
        }
        return null;
    }

    private int lag() {
        return place.compareTo(missed) < 0 ? 0 : room.countAfter(place);
    }
}
