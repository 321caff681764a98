package io.fluxsocket.reactive.spring;

import org.springframework.context.Lifecycle;
import org.springframework.web.reactive.socket.client.JettyWebSocketClient;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import org.springframework.web.reactive.socket.client.StandardWebSocketClient;
import org.springframework.web.reactive.socket.client.TomcatWebSocketClient;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;

/** The clients of Spring, and ours; each takes messages of 128 KiB. */
enum ClientKind {
    FLUXSOCKET {
        @Override
        WebSocketClient create() {
            return new FluxsocketWebSocketClient();
        }
    },
    REACTOR_NETTY {
        @Override
        WebSocketClient create() {
            return new ReactorNettyWebSocketClient(
                    HttpClient.create(), () -> WebsocketClientSpec.builder().maxFramePayloadLength(LARGEST));
        }
    },
    /** The container of the Jakarta API that is found, which is Tomcat's. */
    STANDARD {
        @Override
        WebSocketClient create() {
            StandardWebSocketClient client = new StandardWebSocketClient();
            client.getWebSocketContainer().setDefaultMaxTextMessageBufferSize(LARGEST);
            return client;
        }
    },
    TOMCAT {
        @Override
        WebSocketClient create() {
            TomcatWebSocketClient client = new TomcatWebSocketClient();
            client.getWebSocketContainer().setDefaultMaxTextMessageBufferSize(LARGEST);
            return client;
        }
    },
    JETTY {
        @Override
        WebSocketClient create() {
            org.eclipse.jetty.websocket.client.WebSocketClient jetty =
                    new org.eclipse.jetty.websocket.client.WebSocketClient();
            jetty.setMaxTextMessageSize(LARGEST);
            return new JettyWebSocketClient(jetty);
        }
    };

    static final int LARGEST = 128 * 1024;

    abstract WebSocketClient create();

    WebSocketClient start() {
        WebSocketClient client = create();
        if (client instanceof Lifecycle lifecycle) {
            lifecycle.start();
        }
        return client;
    }

    static void stop(WebSocketClient client) {
        if (client instanceof Lifecycle lifecycle) {
            lifecycle.stop();
        }
    }
}
