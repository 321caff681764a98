package io.fluxsocket.samples.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chromium, driven by W3C WebDriver. */
public final class Browser implements AutoCloseable {
    /** The key under which WebDriver names an element. */
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Gson gson = new Gson();
    private final PeerProcess driver;
    private final String session;

    private Browser(PeerProcess driver, String origin) throws IOException, InterruptedException {
        this.driver = driver;
        Path profile = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "chromium");
        List<String> arguments = List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                // Else a page that was left keeps its WebSocket for a while, for the way back.
                "--disable-features=BackForwardCache",
                "--window-size=900,640",
                "--user-data-dir=" + profile);
        JsonObject started = send(
                        "POST",
                        origin + "/session",
                        Map.of(
                                "capabilities",
                                Map.of("alwaysMatch", Map.of("goog:chromeOptions", Map.of("args", arguments)))))
                .getAsJsonObject();
        session = origin + "/session/" + started.get("sessionId").getAsString();
        post("/timeouts", Map.of("script", Peers.PATIENCE.toMillis()));
    }

    /** Starts Chromium with a profile of its own. */
    public static Browser start() throws IOException, InterruptedException {
        PeerProcess driver = Peers.chromeDriver();
        try {
            String port =
                    driver.nextMatch("started successfully on port (\\d+)").group(1);
            return new Browser(driver, "http://127.0.0.1:" + port);
        } catch (Throwable failed) {
            driver.close();
            throw failed;
        }
    }

    /** Goes to a page. */
    public void open(URI page) throws IOException, InterruptedException {
        post("/url", Map.of("url", page.toString()));
    }

    /** Types into an element. */
    public void type(String selector, String text) throws IOException, InterruptedException {
        post("/element/" + find(selector) + "/value", Map.of("text", text));
    }

    /** Clicks on an element. */
    public void click(String selector) throws IOException, InterruptedException {
        post("/element/" + find(selector) + "/click", Map.of());
    }

    /** What the body of an asynchronous function gives to its last argument, {@code done}. */
    public JsonElement run(String body, Object... arguments) throws IOException, InterruptedException {
        String script = "const done = arguments[arguments.length - 1]; " + body;
        return post("/execute/async", Map.of("script", script, "args", arguments));
    }

    /** Returns when the element shows this text. */
    public void awaitText(String selector, String text) throws IOException, InterruptedException {
        await("document.querySelector('" + selector + "').innerText.includes(" + gson.toJson(text) + ")");
    }

    /** Returns when this expression of JavaScript is true on the page. */
    public void await(String condition) throws IOException, InterruptedException {
        run("const look = () => (" + condition + ") ? done(true) : setTimeout(look, 20); look();");
    }

    /** Saves what is seen. */
    public void screenshot(Path file) throws IOException, InterruptedException {
        String image = send("GET", session + "/screenshot", null).getAsString();
        Files.write(file, Base64.getDecoder().decode(image));
    }

    private String find(String selector) throws IOException, InterruptedException {
        return post("/element", Map.of("using", "css selector", "value", selector))
                .getAsJsonObject()
                .get(ELEMENT)
                .getAsString();
    }

    private JsonElement post(String path, Object body) throws IOException, InterruptedException {
        return send("POST", session + path, body);
    }

    private JsonElement send(String method, String uri, @Nullable Object body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
                .timeout(Peers.PATIENCE)
                .header("Content-Type", "application/json; charset=utf-8")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(gson.toJson(body)))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonParser.parseString(response.body()).getAsJsonObject().get("value");
    }

    @Override
    public void close() throws IOException {
        try {
            send("DELETE", session, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.close();
        }
    }
}
