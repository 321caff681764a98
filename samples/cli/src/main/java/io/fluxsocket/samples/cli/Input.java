package io.fluxsocket.samples.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jline.reader.EndOfFileException;
import org.jline.reader.UserInterruptException;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What the user wants, one entry after the other, over as many connections as it takes: what one connection has not asked for
 * is there for the next. One entry is read ahead.
 */
final class Input implements AutoCloseable {
    /** Blocks for the next entry. */
    private interface Source {
        Entry next() throws IOException;
    }

    private final BlockingQueue<Entry> ahead = new ArrayBlockingQueue<>(1);
    private final Scheduler takers = Schedulers.newSingle("input", true);

    private Input(Source source) {
        Thread reader = new Thread(() -> read(source), "reader");
        reader.setDaemon(true);
        reader.start();
    }

    static Input of(List<String> messages) {
        var all = messages.iterator();
        return new Input(() -> all.hasNext() ? new Entry.Line(all.next()) : new Entry.End());
    }

    static Input lines(InputStream in) {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        return new Input(() -> {
            String line = lines.readLine();
            return line == null ? new Entry.End() : new Entry.Line(line);
        });
    }

    /** @param leave called when the user does not want to go on, be there a connection or not */
    static Input typed(TerminalScreen screen, Runnable leave) {
        return new Input(() -> {
            try {
                return Entry.typed(screen.readLine());
            } catch (EndOfFileException | UserInterruptException e) {
                leave.run();
                return new Entry.End();
            }
        });
    }

    private void read(Source source) {
        try {
            Entry entry;
            do {
                entry = next(source);
                ahead.put(entry);
            } while (!(entry instanceof Entry.End));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Entry next(Source source) {
        try {
            return source.next();
        } catch (IOException gone) {
            return new Entry.End();
        }
    }

    /** The entries from here on. An entry is taken when it is asked for. One subscriber at a time. */
    Flux<Entry> entries() {
        return Flux.<Entry>generate(sink -> {
                    try {
                        Entry entry = ahead.take();
                        if (entry instanceof Entry.End) {
                            ahead.put(entry); // for the next connection as well
                        }
                        sink.next(entry);
                    } catch (InterruptedException cancelled) {
                        sink.complete();
                    }
                })
                .subscribeOn(takers);
    }

    @Override
    public void close() {
        takers.dispose();
    }
}
