// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What comes after a run that throws. */
class PeriodicTest {
    @Test
    void theNextRunOfAProcessComesAllTheSame() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            CountDownLatch runs = new CountDownLatch(4);
            Periodic.unfailing(
                    loops,
                    "test",
                    () -> {
                        runs.countDown();
                        throw new IllegalStateException("it fails");
                    },
                    1,
                    TimeUnit.MILLISECONDS);
            assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void aConnectionHearsOfItsOwn() {
        List<Throwable> heard = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                heard.add(cause);
            }
        });
        Periodic.of(
                channel,
                () -> {
                    throw new IllegalStateException("it fails");
                },
                1,
                TimeUnit.SECONDS);
        for (int i = 0; i < 3; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
        assertThat(heard).hasSize(1).first().isInstanceOf(IllegalStateException.class);
        channel.finishAndReleaseAll();
    }

    @Test
    void cancellingIsNoFailure() {
        List<Throwable> heard = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                heard.add(cause);
            }
        });
        Periodic.of(channel, () -> {}, 1, TimeUnit.SECONDS).cancel(false);
        channel.runPendingTasks();
        assertThat(heard).isEmpty();
        channel.finishAndReleaseAll();
    }
}
