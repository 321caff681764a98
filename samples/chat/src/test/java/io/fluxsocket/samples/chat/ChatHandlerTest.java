package io.fluxsocket.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.spring.SpringWebSocketHandler;
import io.fluxsocket.reactive.test.InMemoryWebSocket;
import io.fluxsocket.reactive.test.WebSocketPair;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The handler, with clients in memory: what follows from a call has happened when it returns. */
class ChatHandlerTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A backend that keeps messages when the test says so. */
    private static final class Held implements Backend {
        private final MemoryBackend memory = new MemoryBackend();
        private final Sinks.Empty<Void> kept = Sinks.empty();

        @Override
        public Mono<MessageId> append(String room, String key, String name, String text) {
            return kept.asMono().then(memory.append(room, key, name, text));
        }

        @Override
        public Mono<List<Message>> history(String room) {
            return memory.history(room);
        }

        @Override
        public Flux<Message> messages(String room, MessageId after) {
            return memory.messages(room, after);
        }

        @Override
        public Mono<Void> tell(Gossip gossip) {
            return memory.tell(gossip);
        }

        @Override
        public Flux<Gossip> gossip() {
            return memory.gossip();
        }
    }

    /** A client, and what it was told. */
    private static final class Client {
        private final WebSocketPair pair;
        private final List<JsonNode> told = new ArrayList<>();

        Client(WebSocketPair pair) {
            this.pair = pair;
            pair.client().receiveMessages().subscribe(message -> told.add(JSON.readTree(message.text())));
        }

        void tell(String json) {
            pair.client().send(Mono.just(WebSocketFrame.text(json))).subscribe();
        }

        void say(String key, String text) {
            tell(JSON.writeValueAsString(new Event.FromPage("say", key, text, null)));
        }

        void seen(String id) {
            tell(JSON.writeValueAsString(new Event.FromPage("seen", null, null, id)));
        }

        List<JsonNode> all(String type) {
            return told.stream()
                    .filter(event -> event.get("type").asString().equals(type))
                    .toList();
        }

        List<String> texts() {
            return all("said").stream().map(said -> said.get("text").asString()).toList();
        }

        String lastId() {
            List<JsonNode> said = all("said");
            return said.get(said.size() - 1).get("id").asString();
        }

        String closeReason() {
            return pair.client().closed().blockOptional().orElseThrow().status().toString();
        }

        void leave() {
            pair.client().close().subscribe();
        }
    }

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ChatMeters chatMeters = new ChatMeters(meters);
    private Backend backend = new MemoryBackend();
    private Rooms rooms = new Rooms(backend, "n1");

    @AfterEach
    void stop() {
        rooms.destroy();
    }

    private void use(Backend other) {
        rooms.destroy();
        backend = other;
        rooms = new Rooms(other, "n1");
    }

    private Client enter(String pathAndQuery) {
        ChatHandler handler =
                new ChatHandler(rooms, backend, new ChatProperties(null, "n1", List.of(), 50), JSON, chatMeters);
        return new Client(InMemoryWebSocket.create()
                .uri("ws://chat.example/rooms/" + pathAndQuery)
                .pair(SpringWebSocketHandler.of(handler)));
    }

    private static void sayMany(Client client, int from, int to) {
        for (int i = from; i <= to; i++) {
            client.say("k" + i, "m" + i);
        }
    }

    @Test
    void messageReachesEverybodyInTheRoomAndNobodyElsewhere() {
        Client ada = enter("lobby?name=Ada");
        Client bob = enter("lobby?name=Bob");
        Client eve = enter("cellar?name=Eve");
        ada.say("k1", "Grüße, 世界 <b>");
        assertThat(ada.texts()).containsExactly("Grüße, 世界 <b>");
        assertThat(bob.texts()).containsExactly("Grüße, 世界 <b>");
        assertThat(bob.all("said").get(0).get("name").asString()).isEqualTo("Ada");
        assertThat(bob.all("confirmed")).isEmpty();
        assertThat(eve.texts()).isEmpty();
    }

    @Test
    void messageIsConfirmedWhenItIsKeptAndNotBefore() {
        Held held = new Held();
        use(held);
        Client ada = enter("lobby?name=Ada");
        ada.say("k1", "hello");
        assertThat(ada.all("confirmed")).isEmpty();
        held.kept.tryEmitEmpty();
        assertThat(ada.all("confirmed")).singleElement().satisfies(confirmed -> {
            assertThat(confirmed.get("key").asString()).isEqualTo("k1");
            assertThat(confirmed.get("id").asString()).isEqualTo(ada.lastId());
        });
    }

    @Test
    void whatIsSaidAgainUnderItsKeyIsConfirmedAgainAndKeptOnce() {
        Client ada = enter("lobby?name=Ada");
        ada.say("k1", "hello");
        ada.say("k1", "hello");
        assertThat(ada.all("confirmed")).hasSize(2);
        assertThat(ada.texts()).containsExactly("hello");
    }

    @Test
    void whoComesBackGetsWhatFollowsTheLastMessageSeen() {
        Client ada = enter("lobby?name=Ada");
        Client bob = enter("lobby?name=Bob");
        ada.say("k1", "one");
        bob.leave();
        String last = bob.lastId();
        sayMany(ada, 2, 9);
        Client again = enter("lobby?name=Bob&last=" + last);
        assertThat(again.texts()).containsExactly("m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9");
    }

    @Test
    void whoIsNewGetsTheHistory() {
        Client ada = enter("lobby?name=Ada");
        sayMany(ada, 1, 5);
        assertThat(enter("lobby?name=Bob").texts()).containsExactly("m1", "m2", "m3", "m4", "m5");
    }

    @Test
    void noMoreThanAWindowIsOnItsWayUnseen() {
        Client ada = enter("lobby?name=Ada");
        Client bob = enter("lobby?name=Bob");
        sayMany(ada, 1, 30);
        assertThat(bob.texts()).hasSize(Reader.WINDOW);
        bob.seen(bob.lastId());
        assertThat(bob.texts()).hasSize(30).doesNotHaveDuplicates();
        assertThat(bob.all("skipped")).isEmpty();
    }

    @Test
    void whoLagsTooFarIsToldHowManyWereLeftOutAndGetsTheLast() {
        Client ada = enter("lobby?name=Ada");
        Client bob = enter("lobby?name=Bob");
        for (int i = 1; i <= 70; i++) {
            backend.append("lobby", "k" + i, "Ada", "m" + i).block();
        }
        int told = bob.texts().size();
        int skipped = bob.all("skipped").stream()
                .mapToInt(event -> event.get("count").asInt())
                .sum();
        assertThat(told).isEqualTo(Reader.WINDOW);
        assertThat(skipped).isPositive();
        assertThat(meters.get("chat.skipped").counter().count()).isEqualTo(2 * skipped);
        while (!bob.lastId().equals(rooms.enter("lobby").block().last().toString())) {
            bob.seen(bob.lastId());
        }
        assertThat(bob.texts()).hasSize(70 - skipped).doesNotHaveDuplicates().endsWith("m69", "m70");
        ada.leave();
    }

    @Test
    void whoLagsIsCalledSlowUntilTheyHaveCaughtUp() {
        Client ada = enter("lobby?name=Ada");
        Client bob = enter("lobby?name=Bob");
        for (int i = 1; i <= 40; i++) {
            backend.append("lobby", "k" + i, "Eve", "m" + i).block();
            ada.seen(ada.lastId());
        }
        assertThat(slow(ada)).containsExactly("Bob");
        while (bob.texts().size() < 40) {
            bob.seen(bob.lastId());
        }
        assertThat(slow(ada)).isEmpty();
    }

    private static List<String> slow(Client client) {
        List<JsonNode> present = client.all("present");
        List<String> names = new ArrayList<>();
        present.get(present.size() - 1).get("members").forEach(member -> {
            if (member.get("slow").asBoolean()) {
                names.add(member.get("name").asString());
            }
        });
        return names;
    }

    @Test
    void whoIsAwayForLongerThanTheLogIsToldSo() {
        Client bob = enter("lobby?name=Bob");
        backend.append("lobby", "first", "Ada", "first").block();
        String last = bob.lastId();
        bob.leave();
        for (int i = 0; i <= Backend.HISTORY; i++) {
            backend.append("lobby", "k" + i, "Ada", "m" + i).block();
        }
        Client again = enter("lobby?name=Bob&last=" + last);
        assertThat(again.all("skipped")).hasSize(1);
        assertThat(again.texts()).startsWith("m1", "m2");
    }

    @Test
    void everybodyIsToldWhoIsThereAndWhoTypes() {
        Client ada = enter("lobby?name=Ada");
        Client bob = enter("lobby?name=Bob");
        assertThat(ada.all("present")).last().hasToString("""
                {"type":"present","members":[{"name":"Ada","slow":false},{"name":"Bob","slow":false}]}""");
        bob.tell("{\"type\":\"typing\"}");
        assertThat(ada.all("typing")).singleElement().hasToString("{\"type\":\"typing\",\"name\":\"Bob\"}");
        assertThat(bob.all("typing")).isEmpty();
        bob.leave();
        assertThat(ada.all("present")).last().hasToString("""
                {"type":"present","members":[{"name":"Ada","slow":false}]}""");
        assertThat(meters.get("chat.clients").gauge().value()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lobby?name=                                   | a name has 1 to 32 visible characters",
                "lobby                                         | a name has 1 to 32 visible characters",
                "lobby?name=%E2%80%AEadA                       | a name has 1 to 32 visible characters",
                "lobby?name=123456789012345678901234567890123  | a name has 1 to 32 visible characters",
                "Lobby?name=Ada                                | a room is named with a-z, 0-9 and -",
                "lobby?name=Ada&last=yesterday                 | an id has the form 1700000000000-0"
            })
    void wrongRequestIsClosedWithTheReason(String pathAndQuery, String reason) {
        assertThat(enter(pathAndQuery).closeReason()).contains("1008").contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello                          | that is not JSON",
                "null                           | null is no message",
                "{}                             | a type is say, typing or seen",
                "{\"type\":\"shout\"}           | a type is say, typing or seen",
                "{\"type\":\"seen\",\"id\":\"\"} | an id has the form 1700000000000-0"
            })
    void whatNoPageOfOursWouldSayIsClosedWithTheReason(String message, String reason) {
        Client ada = enter("lobby?name=Ada");
        ada.tell(message);
        assertThat(ada.closeReason()).contains("1008").contains(reason);
    }

    @Test
    void messageThatIsTooLongOrEmptyIsRefusedAndTheConnectionStays() {
        Client ada = enter("lobby?name=Ada");
        ada.say("k1", "x".repeat(2001));
        ada.say("k2", " ");
        ada.say("k3", "x".repeat(2000));
        assertThat(ada.all("refused"))
                .extracting(event ->
                        event.get("key").asString() + ": " + event.get("reason").asString())
                .containsExactly("k1: a message has 1 to 2000 characters", "k2: a message has 1 to 2000 characters");
        assertThat(ada.all("confirmed")).hasSize(1);
    }

    @Test
    void whoTalksTooFastIsSlowedDown() {
        Pace pace = new Pace();
        for (int i = 0; i < Pace.MOST; i++) {
            assertThat(pace.delay(i)).isZero();
        }
        assertThat(pace.delay(400_000_000)).isEqualTo(Duration.ofMillis(600));
        assertThat(pace.delay(1_000_000_000)).isZero();
    }

    @Test
    void thereAreNoMoreRoomsThanTheBound() {
        for (int i = 0; i < Rooms.MOST; i++) {
            rooms.enter("r" + i).block();
        }
        assertThat(enter("one-more?name=Ada").closeReason()).contains("1008").contains("there are too many rooms");
        assertThat(enter("r0?name=Ada").all("welcome")).hasSize(1);
    }
}
