package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.samples.peers.Browser;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chromium, on the page of the echo server. */
class BrowserTest {
    private static Browser browser;
    private final TestServer server = TestServer.start();

    @BeforeAll
    static void startBrowser() throws Exception {
        browser = Browser.start();
    }

    @BeforeEach
    void openPage() throws Exception {
        browser.open(server.page());
        browser.awaitText("#state", "open");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @AfterAll
    static void stopBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void whatIsTypedComesBackAndCloseIsClean() throws Exception {
        browser.type("#text", "Grüße, 世界");
        browser.click("#send");
        browser.awaitText("#log", "→\nGrüße, 世界");
        browser.awaitText("#log", "←\nGrüße, 世界");
        browser.screenshot(Path.of("target", "page.png"));
        browser.click("#close");
        browser.awaitText("#log", "closed 1000");
        browser.awaitText("#state", "closed");
        browser.click("#close");
        browser.awaitText("#state", "open");
    }

    @Test
    void everyLengthIsEchoedWithTheSameContent() throws Exception {
        String failure =
                browser.run("""
                        const [url, sizes] = arguments;
                        const socket = new WebSocket(url);
                        socket.binaryType = 'arraybuffer';
                        const echo = data => new Promise((resolve, reject) => {
                          socket.onmessage = event => resolve(event.data);
                          socket.onclose = event => reject('closed ' + event.code);
                          socket.send(data);
                        });
                        socket.onopen = async () => {
                          try {
                            for (const size of sizes) {
                              const text = '-'.repeat(size % 10) + 'aé€😀'.repeat(size / 10);
                              if (await echo(text) !== text) throw 'text of ' + size;
                              const bytes = Uint8Array.from({ length: size }, (_, i) => i * 31 >> 3);
                              const back = new Uint8Array(await echo(bytes));
                              if (back.length !== size || bytes.some((b, i) => b !== back[i])) throw size + ' bytes';
                            }
                            socket.onclose = event => done('closed ' + event.code + ' ' + event.reason);
                            socket.close(4001, 'bye');
                          } catch (problem) {
                            done(String(problem));
                          }
                        };
                        """, server.uri("/watched"), Payloads.SIZES).getAsString();
        assertThat(failure).isEqualTo("closed 4001 bye");
        assertThat(server.nextClose()).isEqualTo(new CloseEvent(CloseStatus.of(4001, "bye"), Initiator.REMOTE, true));
    }

    @Test
    void codeAndReasonOfTheServerReachThePage() throws Exception {
        String seen = browser.run("""
                        const socket = new WebSocket(arguments[0]);
                        socket.onopen = () => socket.send('4002 enough');
                        socket.onclose = event => done(event.code + ' ' + event.reason + ' ' + event.wasClean);
                        """, server.uri("/close")).getAsString();
        assertThat(seen).isEqualTo("4002 enough true");
        assertThat(server.nextClose()).isEqualTo(new CloseEvent(CloseStatus.of(4002, "enough"), Initiator.LOCAL, true));
    }

    @Test
    void pageOfAnotherOriginMayNotConnect() throws Exception {
        browser.open(URI.create("http://localhost:" + server.port() + "/"));
        String seen = browser.run("""
                        const socket = new WebSocket(arguments[0]);
                        socket.onopen = () => done('open');
                        socket.onclose = event => done('closed ' + event.code);
                        """, server.uri("/echo")).getAsString();
        assertThat(seen).isEqualTo("closed 1006");
    }

    @Test
    void leavingThePageClosesWith1001() throws Exception {
        browser.run("""
                window.kept = new WebSocket(arguments[0]);
                window.kept.onopen = () => done(true);
                """, server.uri("/watched"));
        browser.open(URI.create("about:blank"));
        assertThat(server.nextClose()).isEqualTo(new CloseEvent(CloseStatus.GOING_AWAY, Initiator.REMOTE, true));
    }
}
