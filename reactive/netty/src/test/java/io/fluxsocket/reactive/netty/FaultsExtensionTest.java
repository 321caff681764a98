package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Operators;
import reactor.util.Loggers;
import reactor.util.context.Context;

class FaultsExtensionTest {
    @Test
    void aLeakedBufferIsFound() throws InterruptedException {
        ByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);

        // Netty also logs it, which would look like a failure in the output of a build.
        PrintStream err = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        try {
            FaultsExtension.findLeaks();
        } finally {
            System.setErr(err);
        }

        assertThat(FaultsExtension.take()).singleElement().asString().startsWith("leaked ByteBuf");
    }

    @Test
    void aWarningOfReactorNettyIsFound() {
        Loggers.getLogger("reactor.netty.something").warn("beware");

        assertThat(FaultsExtension.take()).containsExactly("WARNING reactor.netty.something: beware");
    }

    @Test
    void aDroppedErrorIsFound() {
        Operators.onErrorDropped(new IllegalStateException("nobody listened"), Context.empty());

        assertThat(FaultsExtension.take()).singleElement().asString().contains("nobody listened");
    }
}
