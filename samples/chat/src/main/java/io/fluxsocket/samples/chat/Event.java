package io.fluxsocket.samples.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a page is told, and what it tells: JSON objects with a type. */
sealed interface Event {
    /** What distinguishes it. */
    String type();

    /** The first event of a connection. */
    record Welcome(String type, String node, String room) implements Event {
        Welcome(String node, String room) {
            this("welcome", node, room);
        }
    }

    /** Somebody has said something. */
    record Said(String type, String id, String key, String name, String text, long time) implements Event {
        Said(Message message) {
            this(
                    "said",
                    message.id().toString(),
                    message.key(),
                    message.name(),
                    message.text(),
                    message.id().millis());
        }
    }

    /** The backend has what this client said. */
    record Confirmed(String type, String key, String id) implements Event {
        Confirmed(String key, MessageId id) {
            this("confirmed", key, id.toString());
        }
    }

    /**
     * This client was too slow, or away for too long: messages were left out.
     *
     * @param count how many; null if nobody knows
     */
    record Skipped(String type, @Nullable Integer count) implements Event {
        Skipped(@Nullable Integer count) {
            this("skipped", count);
        }
    }

    /** What this client said is not kept, and would not be if it were said again. */
    record Refused(String type, @Nullable String key, String reason) implements Event {
        Refused(@Nullable String key, String reason) {
            this("refused", key, reason);
        }
    }

    /** Who is there, by name. */
    record Present(String type, List<Member> members) implements Event {
        Present(List<Member> members) {
            this("present", members);
        }
    }

    /** Somebody types. */
    record Typing(String type, String name) implements Event {
        Typing(String name) {
            this("typing", name);
        }
    }

    /**
     * Somebody who is there.
     *
     * @param slow whether they lag behind
     */
    record Member(String name, boolean slow) {}

    /** What a page tells: {@code say} with key and text, {@code typing}, {@code seen} with the id of the last message shown. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FromPage(
            @Nullable String type,
            @Nullable String key,
            @Nullable String text,
            @Nullable String id) {}
}
