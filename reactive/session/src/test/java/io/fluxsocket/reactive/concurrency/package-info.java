/**
 * Sessions raced by jcstress: threads that ask for things, and one that is the event loop. Read {@link
 * io.fluxsocket.reactive.concurrency.RacedSession} first. Runs in the profile {@code concurrency} only.
 */
package io.fluxsocket.reactive.concurrency;
