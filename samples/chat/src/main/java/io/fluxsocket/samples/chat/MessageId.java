package io.fluxsocket.samples.chat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A message's place in its room, as Redis Streams count: milliseconds, then a number. */
record MessageId(long millis, long number) implements Comparable<MessageId> {
    static final MessageId FIRST = new MessageId(0, 0);

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

    /** @throws IllegalArgumentException if it is none */
    static MessageId parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("an id has the form 1700000000000-0");
        }
        return new MessageId(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
    }

    /** A place before this one, behind all that are older by a millisecond. */
    MessageId before() {
        return number > 0 ? new MessageId(millis, number - 1) : new MessageId(Math.max(0, millis - 1), Long.MAX_VALUE);
    }

    @Override
    public int compareTo(MessageId other) {
        int byTime = Long.compare(millis, other.millis);
        return byTime != 0 ? byTime : Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return millis + "-" + number;
    }
}
