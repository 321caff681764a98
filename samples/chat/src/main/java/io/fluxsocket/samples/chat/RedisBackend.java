package io.fluxsocket.samples.chat;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.json.JsonMapper;

/**
 * Nodes that share a Redis. Each room is a stream, {@code chat:room:NAME}: a message is confirmed when XADD has answered, so
 * Redis must persist (appendonly yes) if it shall outlive Redis too. Each node reads each of its rooms with a connection of its
 * own, for a reading that waits blocks the connection. Publish/subscribe carries only what is worthless a moment later.
 */
final class RedisBackend implements Backend, DisposableBean {
    /** Once for each key, however often a sender that has lost its node asks; in one step, so that two nodes agree. */
    private static final String APPEND = """
            local known = redis.call('GET', KEYS[2])
            if known then return known end
            local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'key', ARGV[2], 'name', ARGV[3], 'text', ARGV[4])
            redis.call('SET', KEYS[2], id, 'EX', 600)
            return id
            """;

    /** What a stream keeps, about. */
    private static final String LENGTH = "10000";

    private static final String GOSSIP = "chat:gossip";

    private final JsonMapper json;
    private final RedisURI uri;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final StatefulRedisPubSubConnection<String, String> channel;

    /** Connects, or throws. */
    RedisBackend(String uri, JsonMapper json) {
        this.json = json;
        this.uri = RedisURI.create(uri);
        client = RedisClient.create(this.uri);
        connection = client.connect();
        channel = client.connectPubSub();
    }

    private static String stream(String room) {
        return "chat:room:" + room;
    }

    @Override
    public Mono<MessageId> append(String room, String key, String name, String text) {
        return connection
                .reactive()
                .<String>eval(
                        APPEND,
                        ScriptOutputType.VALUE,
                        new String[] {stream(room), "chat:key:" + room + ":" + key},
                        LENGTH,
                        key,
                        name,
                        text)
                .single()
                .map(MessageId::parse);
    }

    @Override
    public Mono<List<Message>> history(String room) {
        return connection
                .reactive()
                .xrevrange(stream(room), Range.unbounded(), Limit.from(HISTORY))
                .map(RedisBackend::message)
                .collectList()
                .doOnNext(Collections::reverse);
    }

    @Override
    public Flux<Message> messages(String room, MessageId after) {
        return Flux.usingWhen(
                Mono.fromCompletionStage(() -> client.connectAsync(StringCodec.UTF8, uri)),
                reading -> read(reading.reactive(), stream(room), after),
                reading -> Mono.fromFuture(reading.closeAsync()));
    }

    @SuppressWarnings("unchecked") // an array of one stream offset
    private static Flux<Message> read(RedisReactiveCommands<String, String> commands, String stream, MessageId after) {
        AtomicReference<String> last = new AtomicReference<>(after.toString());
        return Flux.defer(() -> commands.xread(
                        XReadArgs.Builder.block(Duration.ofSeconds(5)),
                        XReadArgs.StreamOffset.from(stream, last.get())))
                .doOnNext(message -> last.set(message.getId()))
                .repeat()
                .map(RedisBackend::message);
    }

    private static Message message(StreamMessage<String, String> message) {
        Map<String, String> body = message.getBody();
        return new Message(
                MessageId.parse(message.getId()),
                body.getOrDefault("key", ""),
                body.getOrDefault("name", ""),
                body.getOrDefault("text", ""));
    }

    @Override
    public Mono<Void> tell(Gossip gossip) {
        return connection
                .reactive()
                .publish(GOSSIP, json.writeValueAsString(gossip))
                .then();
    }

    @Override
    public Flux<Gossip> gossip() {
        return channel.reactive()
                .subscribe(GOSSIP)
                .thenMany(channel.reactive().observeChannels())
                .map(message -> json.readValue(message.getMessage(), Gossip.class))
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, Duration.ofSeconds(1)));
    }

    @Override
    public void destroy() {
        client.shutdown();
    }
}
