package io.fluxsocket.samples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark does what it says, for fractions of a second. What is fast or slow is not looked at. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "CPU seconds and resident memory are read from /proc")
class EchoBenchmarkTest {
    private static final String FIGURE = " \\*\\*\\d+\\.\\d\\d\\*\\*SPREAD \\(\\d+(\\.\\d+)? k ± 0 %\\) \\|";
    private static final String BYTES = " (\\*\\*-?\\d+\\.\\d\\d\\*\\*SPREAD \\()?-?\\d+ \\+ -?\\d+ B\\)? \\|";

    private static final Stack LIAR = new Stack("liar", LyingEcho.class.getName(), "", Set.of("echo"));

    @TempDir
    Path target;

    @Test
    void everyServerAnswersWhatItWasSentAndHasARow() throws IOException {
        List<Stack> servers = which("echo");
        Report report = EchoBenchmark.run(options(servers, Workload.named(List.of("a"))), target);
        assertThat(report.failures()).isEmpty();
        String table = Files.readString(target.resolve("benchmark.md"));
        String plot = Files.readString(target.resolve("benchmark.svg"));
        for (Stack stack : servers) {
            assertThat(table).containsPattern(row(stack, FIGURE));
            assertThat(plot).contains(">" + stack.title() + "</text>");
        }
        assertThat(table).containsPattern("TCP congestion control: [a-z]+\\.\n");
        assertThat(table).containsPattern("(?m)^\\| reactor-netty \\| \\*\\*1\\.00\\*\\*");
        assertThat(plot).startsWith("<svg ").endsWith("</svg>\n");
    }

    @Test
    void largeMessagesTextAndIdleConnectionsAreMeasured() throws IOException {
        List<Stack> servers =
                Stream.of("reactor-netty", "fluxsocket").map(Stack::named).toList();
        List<Workload> workloads = Workload.named(List.of("d", "text", "e")).stream()
                .map(workload -> workload.withConnections(4))
                .toList();
        Report report = EchoBenchmark.run(options(servers, workloads), target);
        assertThat(report.failures()).isEmpty();
        for (Stack stack : servers) {
            assertThat(report.markdown()).containsPattern(row(stack, FIGURE + FIGURE + BYTES));
        }
    }

    @Test
    void everyClientGetsBackWhatItSentAndHasARow() throws IOException {
        List<Stack> clients = which("client");
        List<Workload> workloads = Workload.named(List.of("client-b", "client-d")).stream()
                .map(workload -> workload.withConnections(2))
                .toList();
        Report report = EchoBenchmark.run(options(clients, workloads), target);
        assertThat(report.failures()).isEmpty();
        assertThat(clients)
                .extracting(Stack::title)
                .containsExactlyInAnyOrder("fluxsocket", "reactor-netty", "netty", "jdk");
        for (Stack stack : clients) {
            assertThat(report.markdown()).containsPattern(row(stack, FIGURE + FIGURE));
        }
    }

    @Test
    void aClientThatIsLiedToHasNoFigure() throws IOException {
        Options options = options(which("client"), Workload.named(List.of("client-a")));
        try (ServerProcess liar = ServerProcess.server(LIAR, options, "echo", 1)) {
            for (Stack stack : options.servers()) {
                Workload workload = options.workloads().get(0);
                assertThatThrownBy(() -> ServerProcess.client(stack, options, workload, liar.port, 0))
                        .isInstanceOf(IOException.class)
                        .hasMessage(stack.title() + " did not start: null");
            }
        }
    }

    @Test
    void serverAndGeneratorHaveACoreEach() throws Exception {
        assumeThat(Cpu.pinned(0)).as("taskset, and two processors").isNotEmpty();
        long own = ProcessHandle.current().pid();
        String before = coresOf(own);
        Cpu.pinThisProcess();
        try (ServerProcess server =
                ServerProcess.server(Stack.named("raw"), options(List.of(), List.of()), "echo", 0)) {
            assertThat(coresOf(server.pid())).isEqualTo("0").isNotEqualTo(coresOf(own));
        } finally {
            new ProcessBuilder("/usr/bin/taskset", "-acp", before, Long.toString(own))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    private static String coresOf(long pid) throws IOException {
        String name = "Cpus_allowed_list:";
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).trim())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anEchoThatDiffersIsAFailureAndNoFigure() throws IOException {
        Report report = EchoBenchmark.run(options(List.of(LIAR), Workload.named(List.of("a"))), target);
        assertThat(report.failures()).containsExactly("liar, a: 1 rounds failed");
        assertThat(report.markdown())
                .contains("\n| liar | – |\n", "\n**liar, a: 1 rounds failed**\n")
                .doesNotContain("| a | liar |");
    }

    @Test
    void anEchoOfAnotherTypeIsAFailureToo() throws IOException {
        try (ServerProcess liar = ServerProcess.server(LIAR, options(List.of(), List.of()), "type", 1);
                LoadGenerator load =
                        new LoadGenerator(Workload.named(List.of("a")).get(0), liar.port)) {
            assertThatThrownBy(load::echoOnce).hasMessage("the opcode of an echo is 2");
        }
    }

    @Test
    void theCostOfAByteIsComparedOverTheScales() {
        List<Workload> workloads = Workload.named(List.of("size-16", "size-64"));
        Stack stack = Stack.named("fluxsocket");
        Map<Workload, Map<Stack, Map<Integer, Measurement>>> figures = Map.of(
                workloads.get(0), Map.of(stack, Map.of(1, of(90_000))),
                workloads.get(1), Map.of(stack, Map.of(1, of(15_000))));
        Options options = Options.of("--workloads=size-16,size-64", "--rounds=1", "--servers=fluxsocket");
        assertThat(new Report(options, figures).markdown())
                .contains("\nCost of a byte, from size-16 to size-64: fluxsocket × 1.50;\n");
    }

    @Test
    void latencyIsAtMostThreePercentOff() {
        Latencies latencies = new Latencies();
        for (int micros = 1; micros <= 1000; micros++) {
            latencies.record(micros * 1000L);
        }
        assertThat(latencies.micros(0.5)).isBetween(500.0, 516.0);
        assertThat(latencies.micros(0.99)).isBetween(990.0, 1022.0);
    }

    @Test
    void ratiosAreMediansOfThoseToReactorNettyInTheSameRound() {
        Workload workload = Workload.named(List.of("b")).get(0);
        Map<Stack, Map<Integer, Measurement>> row = Map.of(
                Stack.named("reactor-netty"), Map.of(1, of(100_000), 2, of(50_000), 3, of(100_000)),
                Stack.named("fluxsocket"), Map.of(1, of(1), 2, of(125_000), 3, of(260_000)),
                Stack.named("netty"), Map.of(2, of(40_000)));
        Options options = Options.of("--workloads=b", "--rounds=3", "--servers=reactor-netty,fluxsocket,netty");
        Report report = new Report(options, Map.of(workload, row));
        assertThat(report.ratio(workload, Stack.named("fluxsocket"))).isEqualTo(2.5);
        assertThat(report.ratio(workload, Stack.named("netty"))).isEqualTo(0.8);
        assertThat(report.failures()).containsExactly("netty, b: 2 rounds failed");
        assertThat(report.markdown())
                .contains(
                        "| fluxsocket | **2.50** ± 52 % (125 k ± 104 %) |",
                        "| netty | **0.80** ± 0 % (40.0 k ± 0 %) |");
        assertThat(new Plot(report).svg()).contains(">2.50</text>");
    }

    @Test
    void allAreThoseThatDoAnyOfTheWorkloads() {
        assertThat(Options.of("--workloads=client").servers()).isEqualTo(which("client"));
        assertThat(Options.of("--workloads=a,client").servers()).isEqualTo(Stack.ALL);
    }

    @Test
    void unknownOptionsAreRefused() {
        assertThatThrownBy(() -> Options.of("--speed=9")).hasMessage("not understood: --speed");
        assertThatThrownBy(() -> Options.of("--workloads=z")).hasMessageContaining("no workload is called z");
    }

    /** The ratio has a spread but for that of Reactor Netty to itself. */
    private static String row(Stack stack, String cells) {
        String spread = stack.title().equals("reactor-netty") ? "" : " ± 0 %";
        return "(?m)^\\| " + stack.title() + " \\|" + cells.replace("SPREAD", spread) + "$";
    }

    private static List<Stack> which(String mode) {
        return Stack.ALL.stream().filter(stack -> stack.modes().contains(mode)).toList();
    }

    private static Options options(List<Stack> servers, List<Workload> workloads) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new Options(servers, workloads, 1, 0.3, 0.1, "nio", java, "128m");
    }

    private static Measurement of(double perCpuSecond) {
        return new Measurement(perCpuSecond, perCpuSecond, 1, 0.5, 10, 20, 30, Double.NaN, 22);
    }
}
