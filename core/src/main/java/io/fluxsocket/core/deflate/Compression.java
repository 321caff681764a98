package io.fluxsocket.core.deflate;

/**
 * Whether one outbound message is compressed, where permessage-deflate was agreed on; without it every message leaves as it
 * is, and this is ignored. The choice that comes with the first part of a message holds for the whole message.
 */
public enum Compression {
    /**
     * A message in one piece is compressed from {@link DeflateSettings#threshold()} bytes on; a message in parts always, as
     * its length is not known when it begins.
     */
    BY_SIZE,

    /** The message is compressed, whatever its size. */
    ALWAYS,

    /**
     * The message leaves as it is: it is compressed already (an image, an archive), or it holds a secret beside text that
     * an attacker can choose, whose length would then tell of the secret (the attacks CRIME and BREACH).
     */
    NEVER
}
