package io.fluxsocket.samples.benchmarks;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One server under one workload, once; or one client, which then takes the server's place in all that follows, and the server that
 * of the load generator.
 *
 * @param perCpuSecond messages for each second of the server's CPU; of an idle workload: bytes of heap for each connection
 * @param perSecond messages for each second of the clock
 * @param serverCpu the share of its core that the server used
 * @param loadCpu the share of its core that the load generator used
 * @param p50 microseconds, as p99 and p999
 * @param offHeap bytes for each connection; of an idle workload alone
 * @param wireBytes bytes that came back for each message
 */
record Measurement(
        double perCpuSecond,
        double perSecond,
        double serverCpu,
        double loadCpu,
        double p50,
        double p99,
        double p999,
        double offHeap,
        double wireBytes) {
    private static final int WARM_CONNECTIONS = 200;

    static Measurement of(Stack stack, Workload workload, Options options) throws IOException {
        if (workload.kind() == Workload.Kind.CLIENT) {
            return client(stack, workload, options);
        }
        try (ServerProcess server = ServerProcess.server(stack, options, workload.mode(), 0)) {
            return workload.kind() == Workload.Kind.IDLE ? idle(server, workload) : busy(server, workload, options);
        }
    }

    private static Measurement busy(ServerProcess server, Workload workload, Options options) throws IOException {
        try (LoadGenerator load = new LoadGenerator(workload, server.port)) {
            load.run((long) (1000 * options.warmup()));
            long own = ProcessHandle.current().pid();
            long bytesBefore = load.bytesRead();
            double loadBefore = Cpu.seconds(own);
            double serverBefore = server.cpuSeconds();
            long begin = System.nanoTime();
            long messages = load.run((long) (1000 * options.seconds()));
            double seconds = (System.nanoTime() - begin) / 1e9;
            double serverSeconds = server.cpuSeconds() - serverBefore;
            Latencies latencies = load.latencies;
            return new Measurement(
                    messages / serverSeconds,
                    messages / seconds,
                    serverSeconds / seconds,
                    (Cpu.seconds(own) - loadBefore) / seconds,
                    latencies.micros(0.5),
                    latencies.micros(0.99),
                    latencies.micros(0.999),
                    Double.NaN,
                    (double) (load.bytesRead() - bytesBefore) / messages);
        }
    }

    /** The client has the core that servers have, and the server, which costs as little as possible, that of the generator. */
    private static Measurement client(Stack stack, Workload workload, Options options) throws IOException {
        try (ServerProcess server = ServerProcess.server(Stack.named(Stack.RAW), options, "echo", 1);
                ServerProcess client = ServerProcess.client(stack, options, workload, server.port, 0)) {
            sleep(options.warmup());
            double loadBefore = server.cpuSeconds();
            double clientBefore = client.cpuSeconds();
            long messagesBefore = client.messages();
            long begin = System.nanoTime();
            sleep(options.seconds());
            long messages = client.messages() - messagesBefore;
            double seconds = (System.nanoTime() - begin) / 1e9;
            double clientSeconds = client.cpuSeconds() - clientBefore;
            if (messages == 0) {
                throw new IOException("nothing came back within " + seconds + " s");
            }
            double nothing = Double.NaN;
            return new Measurement(
                    messages / clientSeconds,
                    messages / seconds,
                    clientSeconds / seconds,
                    (server.cpuSeconds() - loadBefore) / seconds,
                    nothing,
                    nothing,
                    nothing,
                    nothing,
                    nothing);
        }
    }

    private static void sleep(double seconds) throws IOException {
        try {
            Thread.sleep((long) (1000 * seconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** The server has met connections before, so that its classes and pools are not charged to those that are weighed. */
    private static Measurement idle(ServerProcess server, Workload workload) throws IOException {
        Workload warm = workload.withConnections(Math.min(WARM_CONNECTIONS, workload.connections()));
        try (LoadGenerator load = new LoadGenerator(warm, server.port)) {
            load.echoOnce();
        }
        long heap = server.heapBytes();
        long resident = server.residentBytes();
        try (LoadGenerator load = new LoadGenerator(workload, server.port)) {
            load.echoOnce();
            long each = workload.connections();
            double heapEach = (double) (server.heapBytes() - heap) / each;
            double offHeapEach = (double) (server.residentBytes() - resident) / each;
            double nothing = Double.NaN;
            return new Measurement(
                    heapEach, nothing, nothing, nothing, nothing, nothing, nothing, offHeapEach, nothing);
        }
    }

    /** The figures of a server and a workload; a round that failed is missing. */
    record Rounds(Map<Integer, Measurement> byRound) {
        boolean isEmpty() {
            return byRound.isEmpty();
        }

        double median(ToDoubleFunction<Measurement> figure) {
            return median(sorted(figure));
        }

        /** From the least to the largest, in relation to the median. */
        double spread(ToDoubleFunction<Measurement> figure) {
            return spread(sorted(figure));
        }

        /**
         * Each round in relation to the same round of another server, sorted: the two were measured one soon after the other, so
         * a machine that is slower for some minutes is so for both.
         */
        double[] ratios(Rounds other, ToDoubleFunction<Measurement> figure) {
            return byRound.entrySet().stream()
                    .filter(round -> other.byRound.containsKey(round.getKey()))
                    .mapToDouble(round -> figure.applyAsDouble(round.getValue())
                            / figure.applyAsDouble(other.byRound.get(round.getKey())))
                    .sorted()
                    .toArray();
        }

        private double[] sorted(ToDoubleFunction<Measurement> figure) {
            return byRound.values().stream().mapToDouble(figure).sorted().toArray();
        }

        static double median(double[] sorted) {
            int half = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        }

        static double spread(double[] sorted) {
            return (sorted[sorted.length - 1] - sorted[0]) / median(sorted);
        }
    }
}
