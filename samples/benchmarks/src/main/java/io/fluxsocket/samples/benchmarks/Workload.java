package io.fluxsocket.samples.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the load generator does: messages of one kind and size, over some connections, with some of them in flight.
 *
 * @param inFlight messages that are under way on each connection; with {@link Kind#ROTATE} on all of them together, with {@link
 *     Kind#BROADCAST} on the one that sends
 */
record Workload(
        String name,
        String description,
        Kind kind,
        boolean text,
        int size,
        int connections,
        int inFlight,
        boolean deflate) {
    /** Who sends next, and what is counted. */
    enum Kind {
        /** Every connection keeps its own window full. */
        ECHO,
        /** A message that came back is followed by one on the connection that has waited longest. */
        ROTATE,
        /** One connection sends, all receive, and each receipt is counted. The next is sent when the last has received. */
        BROADCAST,
        /** As {@link #ECHO}, but it is the libraries' clients that send, see {@link EchoClients}, and theirs are the figures. */
        CLIENT,
        /** Every connection sends once, and what the server then holds for it is weighed. */
        IDLE
    }

    private static final Map<String, List<Workload>> GROUPS = new LinkedHashMap<>();

    static {
        echo("a", "20-byte text, 64 connections, 1 in flight", true, 20, 64, 1);
        echo("b", "20-byte text, 16 connections, 64 in flight", true, 20, 16, 64);
        echo("c", "16 KiB binary, 16 connections, 4 in flight", false, 16 << 10, 16, 4);
        echo("d", "1 MiB binary, 4 connections, 2 in flight", false, 1 << 20, 4, 2);
        echo("text", "1 KiB ASCII text, 16 connections, 16 in flight", true, 1 << 10, 16, 16);
        for (String name : List.of("a", "b", "c", "d", "text")) {
            add("client", GROUPS.get(name).get(0).ofClients());
        }
        add("e", new Workload("e", "5,000 idle connections after one echo", Kind.IDLE, true, 20, 5000, 1, false));
        for (int connections : new int[] {100, 1000, 10_000}) {
            String description = "20-byte text, 64 in flight over " + connections + " connections by turns";
            add(
                    "open",
                    new Workload("open-" + connections, description, Kind.ROTATE, true, 20, connections, 64, false));
        }
        for (int kib : new int[] {16, 64, 256, 1024, 4096, 16_384}) {
            String description = kib + " KiB binary, 4 connections, 2 in flight";
            add("size", new Workload("size-" + kib, description, Kind.ECHO, false, kib << 10, 4, 2, false));
        }
        for (int connections : new int[] {10, 100, 1000}) {
            String description = "125-byte text to each of " + connections + " connections, 4 in flight";
            add(
                    "broadcast",
                    new Workload(
                            "broadcast-" + connections, description, Kind.BROADCAST, true, 125, connections, 4, false));
        }
        String json = "1 KiB of JSON, 16 connections, 16 in flight, ";
        add("deflate", new Workload("plain", json + "as it is", Kind.ECHO, true, 1 << 10, 16, 16, false));
        add("deflate", new Workload("deflate", json + "deflated", Kind.ECHO, true, 1 << 10, 16, 16, true));
        String idle = "1,000 idle connections after one echo of 1 KiB of JSON, ";
        add("deflate", new Workload("plain-e", idle + "as it is", Kind.IDLE, true, 1 << 10, 1000, 1, false));
        add("deflate", new Workload("deflate-e", idle + "deflated", Kind.IDLE, true, 1 << 10, 1000, 1, true));
    }

    private static void echo(String name, String description, boolean text, int size, int connections, int inFlight) {
        add(name, new Workload(name, description, Kind.ECHO, text, size, connections, inFlight, false));
    }

    private static void add(String group, Workload workload) {
        GROUPS.computeIfAbsent(group, name -> new ArrayList<>()).add(workload);
        if (!group.equals(workload.name)) {
            GROUPS.put(workload.name, List.of(workload));
        }
    }

    /** The workloads of these names, each of which is that of a workload or of a group. */
    static List<Workload> named(List<String> names) {
        List<Workload> workloads = new ArrayList<>();
        for (String name : names) {
            List<Workload> group = GROUPS.get(name);
            if (group == null) {
                throw new IllegalArgumentException("no workload is called " + name + "; there are " + GROUPS.keySet());
            }
            workloads.addAll(group);
        }
        return workloads;
    }

    Workload withConnections(int number) {
        return new Workload(name, description, kind, text, size, number, inFlight, deflate);
    }

    private Workload ofClients() {
        return new Workload("client-" + name, description, Kind.CLIENT, text, size, connections, inFlight, deflate);
    }

    /** RFC 6455 §5.2. */
    int opcode() {
        return text ? 1 : 2;
    }

    /** What a stack has to do for it: {@code echo}, {@code broadcast} or {@code deflate} as a server, or {@code client}. */
    String mode() {
        return switch (kind) {
            case BROADCAST -> "broadcast";
            case CLIENT -> "client";
            case ECHO, ROTATE, IDLE -> deflate ? "deflate" : "echo";
        };
    }

    /** The payload of every message. */
    byte[] payload() {
        boolean json = name.startsWith("plain") || name.startsWith("deflate");
        StringBuilder payload = new StringBuilder(size + 100);
        for (int i = 0; payload.length() < size; i++) {
            if (json) {
                payload.append("{\"id\":")
                        .append(i * 7919)
                        .append(",\"name\":\"item ")
                        .append(i);
                payload.append("\",\"price\":").append(i * 31 % 977).append(".95,\"inStock\":true},");
            } else {
                payload.append((char) ('a' + i % 26));
            }
        }
        return payload.substring(0, size).getBytes(StandardCharsets.US_ASCII);
    }
}
