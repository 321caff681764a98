package io.fluxsocket.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.samples.peers.Browser;
import io.fluxsocket.samples.peers.Peers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One node, and two Chromiums on its page. */
class PageTest {
    private static Browser ada;
    private static Browser bob;
    private static Node node;

    @BeforeAll
    static void start() throws Exception {
        ada = Browser.start();
        bob = Browser.start();
        node = Node.start(Peers.freePort());
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : new AutoCloseable[] {ada, bob, node}) {
            if (each != null) {
                each.close();
            }
        }
    }

    private static void open(Browser browser, String room, String name) throws Exception {
        browser.open(node.uri("/?room=" + room + "&name=" + name));
        browser.await("document.querySelector('#state').dataset.state === 'open'");
    }

    private static void say(Browser browser, String text) throws Exception {
        browser.type("#text", text);
        browser.click("#say button");
    }

    @Test
    void twoTalkAndSeeEachOther() throws Exception {
        open(ada, "talk", "Ada");
        open(bob, "talk", "Bob");
        ada.awaitText("#members", "Bob");
        bob.awaitText("#members", "Ada");
        bob.type("#text", "Grüße, 世界 <img src=x onerror=document.title=1>");
        ada.awaitText("#typing", "Bob is typing");
        bob.click("#say button");
        ada.awaitText("#log", "Grüße, 世界 <img src=x onerror=document.title=1>");
        bob.await("document.querySelectorAll('#log .pending').length === 0");
        say(ada, "Hello, Bob");
        bob.awaitText("#log", "Hello, Bob");
        bob.await("document.querySelectorAll('#log li').length === 2");
        assertThat(ada.run("done(document.querySelectorAll('#log img').length)").getAsInt())
                .as("what was written is shown as text")
                .isZero();
        ada.screenshot(Path.of("target", "page.png"));
    }

    @Test
    void slowPageDelaysNobodyIsSeenToBeSlowAndIsToldWhatWasLeftOut() throws Exception {
        open(ada, "slow", "Ada");
        open(bob, "slow", "Bob");
        bob.click("#slow");
        ada.click("#burst");
        ada.await("document.querySelectorAll('#log .mine:not(.pending)').length === 100");
        ada.awaitText("#log", "100 of 100");
        ada.await("[...document.querySelectorAll('#members .slow')].some(line => line.textContent === 'Bob')");
        assertThat(bob.run("done(document.querySelector('#shown').textContent)").getAsInt())
                .as("what the slow page has shown when the other has shown all")
                .isLessThan(100);
        bob.click("#slow");
        bob.awaitText("#log", "100 of 100");
        bob.awaitText("#log", "left out: this page was too slow");
        ada.await("!document.querySelector('#members .slow')");
        assertThat(bob.run(
                                "done(+document.querySelector('#shown').textContent + +document.querySelector('#left-out').textContent)")
                        .getAsInt())
                .as("shown and left out")
                .isEqualTo(100);
        bob.screenshot(Path.of("target", "slow.png"));
        assertThat(meter("chat.skipped")).contains("\"value\":").doesNotContain("\"value\":0.0");
    }

    @Test
    void nameThatIsNoneIsRefusedAtTheDoor() throws Exception {
        ada.open(node.uri("/?room=UPPER&name=Ada"));
        ada.awaitText("#refusal", "a room is named with a-z, 0-9 and -");
    }

    @Test
    void metersTellOfTheChatAndOfItsWebSockets() throws Exception {
        assertThat(get("/actuator/metrics")).contains("chat.clients", "chat.said", "fluxsocket");
    }

    private static String meter(String name) throws Exception {
        return get("/actuator/metrics/" + name);
    }

    private static String get(String path) throws IOException, InterruptedException {
        URI uri = node.uri(path);
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}
