package io.fluxsocket.samples.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the benchmark was asked to run.
 *
 * @param java the command that runs the servers
 * @param heap of each server, as {@code -Xmx} takes it
 */
record Options(
        List<Stack> servers,
        List<Workload> workloads,
        int rounds,
        double seconds,
        double warmup,
        String transport,
        Path java,
        String heap) {
    static final String USAGE = """
            Options, each with the value that it has if it is not given:
              --servers    all; or some of reactor-netty,fluxsocket,fluxsocket-map,fluxsocket-messages,
                           spring-fluxsocket,spring-reactor-netty,netty,vertx,undertow,jetty,java-websocket,raw; of the clients reactor-netty,fluxsocket,netty,jdk
              --workloads  a,b,c,d,text,e; further open,size,broadcast,deflate,client, or one of a group, as open-1000
              --rounds 3   --seconds 2   --warmup 5   --heap 2g   --transport epoll (or nio)
              --java PATH  of the command that runs the servers
              --quick      one round of one second after two of warm-up, of a,b,c,d,text
            """;

    static Options of(String... arguments) {
        Map<String, String> given = new LinkedHashMap<>(Map.of(
                "servers", "all",
                "workloads", "a,b,c,d,text,e",
                "rounds", "3",
                "seconds", "2",
                "warmup", "5",
                "transport", "epoll",
                "heap", "2g",
                "java", Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        List<String> words = new ArrayList<>();
        for (String argument : arguments) {
            words.addAll(Arrays.asList(argument.split("=", 2)));
        }
        for (int i = 0; i < words.size(); i++) {
            String name = words.get(i).startsWith("--") ? words.get(i).substring(2) : "";
            if (name.equals("quick")) {
                given.putAll(Map.of("rounds", "1", "seconds", "1", "warmup", "2", "workloads", "a,b,c,d,text"));
            } else if (!given.containsKey(name) || i + 1 == words.size()) {
                throw new IllegalArgumentException("not understood: " + words.get(i));
            } else {
                given.put(name, words.get(++i));
            }
        }
        String transport = given.get("transport");
        if (!transport.equals("epoll") && !transport.equals("nio")) {
            throw new IllegalArgumentException("no transport is called " + transport);
        }
        List<Workload> workloads = Workload.named(list(given.get("workloads")));
        return new Options(
                given.get("servers").equals("all")
                        ? Stack.ALL.stream()
                                .filter(stack -> workloads.stream()
                                        .anyMatch(workload -> stack.modes().contains(workload.mode())))
                                .toList()
                        : list(given.get("servers")).stream().map(Stack::named).toList(),
                workloads,
                Integer.parseInt(given.get("rounds")),
                Double.parseDouble(given.get("seconds")),
                Double.parseDouble(given.get("warmup")),
                transport,
                Path.of(given.get("java")),
                given.get("heap"));
    }

    private static List<String> list(String value) {
        return Arrays.asList(value.split(",", -1));
    }
}
