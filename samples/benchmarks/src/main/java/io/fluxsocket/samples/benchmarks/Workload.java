package io.fluxsocket.samples.benchmarks;

/** What the load generator does: messages of one kind and size, over some connections, with some of them in flight. */
enum Workload {
    A("20-byte text, 64 connections, 1 in flight", true, 20, 64, 1),
    B("20-byte text, 16 connections, 64 in flight", true, 20, 16, 64),
    C("16 KiB binary, 16 connections, 4 in flight", false, 16 << 10, 16, 4),
    D("1 MiB binary, 4 connections, 2 in flight", false, 1 << 20, 4, 2),
    TEXT("1 KiB ASCII text, 16 connections, 16 in flight", true, 1 << 10, 16, 16);

    final String description;
    final boolean text;
    final int size;
    final int connections;
    final int inFlight;

    Workload(String description, boolean text, int size, int connections, int inFlight) {
        this.description = description;
        this.text = text;
        this.size = size;
        this.connections = connections;
        this.inFlight = inFlight;
    }
}
