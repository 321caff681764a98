package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class RequestDeadlineTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());

    RequestDeadlineTest() {
        RequestDeadline.addTo(channel, Duration.ofSeconds(10), time);
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aRequestInTimeIsGivenAllTheTimeItNeeds() {
        pass(9);
        request();
        pass(1000);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void noRequestInTimeClosesTheConnection() {
        pass(9);
        assertThat(channel.isOpen()).isTrue();
        pass(1);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void halfARequestIsNone() {
        pass(9);
        receive("GET / HTTP/1.1\r\nHost: loc");
        pass(1);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void theNextRequestHasTheSameTimeFromTheEndOfTheResponse() {
        request();
        pass(1000);
        respond(HttpResponseStatus.OK);
        pass(9);
        assertThat(channel.isOpen()).isTrue();
        pass(1);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whileAPipelinedRequestIsUnansweredNothingIsWaitedFor() {
        request();
        request();
        respond(HttpResponseStatus.OK);
        pass(1000);
        assertThat(channel.isOpen()).isTrue();

        respond(HttpResponseStatus.OK);
        pass(10);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anInterimResponseAnswersNothing() {
        request();
        respond(HttpResponseStatus.CONTINUE);
        pass(1000);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aRequestThatComesWhileTheTimersTaskIsOnItsWayIsInTime() {
        time.advanceTimeBy(Duration.ofSeconds(10));
        channel.pipeline().fireChannelRead(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
        channel.runPendingTasks();

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aSchedulerThatTakesNoTasksAnyMoreEndsTheDeadline() {
        time.dispose();
        EmbeddedChannel other = new EmbeddedChannel(new HttpServerCodec());
        RequestDeadline.addTo(other, Duration.ofSeconds(10), time);

        assertThat(other.isOpen()).isTrue();
        other.close();
    }

    @Test
    void itEndsWhenItIsRemoved() {
        channel.pipeline().remove(RequestDeadline.NAME);
        pass(1000);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aPipelineWithoutTheCodecHasNone() {
        EmbeddedChannel other = new EmbeddedChannel();
        RequestDeadline.addTo(other, Duration.ofSeconds(10), time);

        assertThat(other.pipeline().get(RequestDeadline.NAME)).isNull();
        other.close();
    }

    private void request() {
        receive("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private void receive(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
    }

    private void respond(HttpResponseStatus status) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
        response.headers().set("Content-Length", 0);
        channel.writeOutbound(response);
    }

    private void pass(int seconds) {
        time.advanceTimeBy(Duration.ofSeconds(seconds));
        channel.runPendingTasks();
    }
}
