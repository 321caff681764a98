package io.fluxsocket.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.samples.peers.Browser;
import io.fluxsocket.samples.peers.PeerProcess;
import io.fluxsocket.samples.peers.Peers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that share a real Redis, and a Chromium on each. */
class NodesTest {
    /** What a page shows of Ada's messages, in order. */
    private static final String TEXTS =
            "[...document.querySelectorAll('#log li .text')].map(text => text.textContent).filter(text => /^m\\d+$/.test(text))";

    /** What her page shows as confirmed. */
    private static final String CONFIRMED =
            "[...document.querySelectorAll('#log li:not(.pending):not(.refused) .text')].length";

    private static PeerProcess redis;
    private static Browser ada;
    private static Browser bob;
    private static int firstPort;
    private static String[] shared;
    private static Node second;

    /** Tests kill it. */
    private static @Nullable Node first;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        int redisPort = Peers.freePort();
        redis = Peers.redis(redisPort, folder);
        ada = Browser.start();
        bob = Browser.start();
        firstPort = Peers.freePort();
        int secondPort = Peers.freePort();
        shared = new String[] {
            "--chat.redis=redis://127.0.0.1:" + redisPort,
            "--chat.nodes=" + Node.origin(firstPort) + "," + Node.origin(secondPort),
            // No page is to be called slow because the machine is.
            "--chat.longest-lag=1000"
        };
        second = Node.start(secondPort, shared[0], shared[1], shared[2], "--chat.node=second");
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : new AutoCloseable[] {ada, bob, first, second, redis}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @BeforeEach
    void enter(TestInfo test) throws Exception {
        if (first == null) {
            first = Node.start(firstPort, shared[0], shared[1], shared[2], "--chat.node=first");
        }
        String room = "room-" + Math.abs(test.getDisplayName().hashCode());
        ada.open(first.page(room, "Ada"));
        bob.open(second.page(room, "Bob"));
        ada.awaitText("#state", "on node first");
        bob.awaitText("#state", "on node second");
    }

    private static void killFirst() throws InterruptedException {
        first.kill();
        first = null;
    }

    @Test
    void pagesOnTwoNodesTalkAndSeeEachOther() throws Exception {
        ada.awaitText("#members", "Bob");
        bob.awaitText("#members", "Ada");
        ada.type("#text", "hello from the first");
        bob.awaitText("#typing", "Ada is typing");
        ada.click("#say button");
        bob.awaitText("#log", "hello from the first");
        bob.type("#text", "hello from the second");
        bob.click("#say button");
        ada.awaitText("#log", "hello from the second");
    }

    @Test
    void nodeThatIsKilledLosesAndDoublesNoMessage() throws Exception {
        // Ada's page keeps talking while her node is killed, and while she is on her way to the other.
        ada.run("""
                let number = 0;
                window.talk = setInterval(() => {
                  document.querySelector('#text').value = 'm' + ++number;
                  document.querySelector('#say').requestSubmit();
                  if (number === 200) clearInterval(window.talk);
                }, 25);
                done(true);
                """);
        ada.await(CONFIRMED + " >= 50");
        killFirst();
        ada.awaitText("#state", "on node second");
        ada.await(CONFIRMED + " === 200");
        bob.await(TEXTS + ".length >= 200");
        List<String> all =
                IntStream.rangeClosed(1, 200).mapToObj(number -> "m" + number).toList();
        assertThat(texts(bob)).as("on the node that stayed").containsExactlyInAnyOrderElementsOf(all);
        assertThat(texts(ada)).as("on the page that moved").containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void whatIsSaidElsewhereWhileANodeIsGoneIsThereAfterwards() throws Exception {
        ada.type("#text", "m1");
        ada.click("#say button");
        bob.awaitText("#log", "m1");
        ada.await(CONFIRMED + " === 1");
        // Keeps her page from coming back before Bob has spoken.
        ada.run("window.RealSocket = WebSocket; window.WebSocket = class { static OPEN = 1; constructor() {"
                + " setTimeout(() => this.onclose({ code: 1006 }), 50); } }; done(true);");
        killFirst();
        ada.awaitText("#state", "connecting again");
        for (int i = 2; i <= 4; i++) {
            bob.type("#text", "m" + i);
            bob.click("#say button");
        }
        bob.await(CONFIRMED + " === 4");
        ada.run("window.WebSocket = window.RealSocket; done(true);");
        ada.await(TEXTS + ".length >= 4");
        assertThat(texts(ada)).containsExactly("m1", "m2", "m3", "m4");
    }

    private static List<String> texts(Browser browser) throws Exception {
        return browser.run("done(" + TEXTS + ")").getAsJsonArray().asList().stream()
                .map(text -> text.getAsString())
                .toList();
    }
}
