package io.fluxsocket.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class ArgumentsTest {
    private static Arguments wrong(String sentence, String... arguments) {
        return Arguments.of(sentence, List.of(arguments));
    }

    static Stream<Arguments> wrong() {
        String url = "ws://localhost/";
        return Stream.of(
                wrong("Missing required parameter: 'URL'", "connect"),
                wrong("write ws://localhost:8080", "connect", "localhost:8080"),
                wrong("write wss://example.com/a", "connect", "https://example.com/a"),
                wrong("names no host; write ws://localhost:8080/", "connect", "ws:///path"),
                wrong("is no URL", "connect", "ws://[oops/"),
                wrong("write --user=NAME:PASSWORD", "connect", "ws://me:secret@localhost/"),
                wrong("has no #part; leave it out", "connect", "ws://localhost/#part"),
                wrong("write --user=me:PASSWORD", "connect", "--user=me", url),
                wrong("write --header='Name: value'", "connect", "-H=nonsense", url),
                wrong("offer subprotocols with subprotocols", "connect", "-H=Sec-WebSocket-Protocol: a", url),
                wrong("'a b'", "connect", "-s=a b", url),
                wrong("'soon' is no time; write 500ms, 2s or 1m", "connect", "--timeout=soon", url),
                wrong("it must be above 0", "connect", "--timeout=0", url),
                wrong("close code 1006 is never sent", "connect", "-c=1006", url),
                wrong("use 1000-1003, 1007-1014 or 3000-4999", "connect", "-c=42", url),
                wrong("add --message=TEXT", "connect", "-n=2", url),
                wrong("write pairs of digits: 48 65 6c", "connect", "--hex", "-m=xyz", url),
                wrong("write --ping=1s", "connect", "--ping=0", url),
                wrong("--cacert wants a PEM file", "connect", "--cacert=/nowhere", url),
                wrong("Unknown option: '--prot=1'", "serve", "--prot=1"),
                wrong("--file wants a file of lines", "serve", "--file=/nowhere"),
                wrong("add --file=FILE", "serve", "--repeat"),
                wrong("must lie between 0 and 65535", "serve", "--port=70000"),
                wrong("--cert wants a PEM file", "serve", "--cert=/nowhere", "--key=/nowhere"),
                wrong("mutually exclusive", "serve", "--echo", "--broadcast"),
                wrong("--key", "serve", "--cert=/nowhere"),
                wrong("Did you mean: fluxsocket connect", "conect"));
    }

    @ParameterizedTest
    @MethodSource
    void wrong(String sentence, List<String> arguments) {
        StringWriter err = new StringWriter();
        int status = Fluxsocket.commandLine().setErr(new PrintWriter(err)).execute(arguments.toArray(String[]::new));
        assertThat(err.toString()).startsWith("fluxsocket: ").contains(sentence);
        assertThat(err.toString().lines()).hasSizeLessThanOrEqualTo(3);
        assertThat(status).isEqualTo(2);
    }

    @Test
    void helpTellsTheExitStatuses() {
        StringWriter out = new StringWriter();
        CommandLine command = Fluxsocket.commandLine().setOut(new PrintWriter(out));
        assertThat(command.execute("connect", "--help")).isZero();
        assertThat(out.toString()).containsPattern("21 +closed with 1011, internal error");
    }
}
