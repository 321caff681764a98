package io.fluxsocket.samples.chat;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be set.
 *
 * @param redis such as {@code redis://localhost:6379}: joins the nodes that name the same; without it there is one node, and
 *     what was said ends with it
 * @param node this node's name, unlike the others'; default: by chance
 * @param nodes the origins of all nodes, as browsers see them, such as {@code http://a.example:8080}: where a page goes when
 *     its node is gone. Not needed behind a balancer
 * @param longestLag how many messages may wait for a slow client before all but the last few are left out; default: 50
 */
@ConfigurationProperties("chat")
public record ChatProperties(
        @Nullable String redis,
        String node,
        List<String> nodes,
        @DefaultValue("50") int longestLag) {
    /** Fills in the defaults. */
    @SuppressWarnings("ConstantConditions") // Boot gives null for what is not set
    public ChatProperties {
        node = node == null ? UUID.randomUUID().toString().substring(0, 4) : node;
        nodes = nodes == null ? List.of() : List.copyOf(nodes);
    }
}
