package io.fluxsocket.samples.chat;

/**
 * What somebody has said.
 *
 * @param key the sender's own name for it: whoever sends the same key again, after a connection was lost, says nothing new
 */
record Message(MessageId id, String key, String name, String text) {}
