// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import live.millrace.media.testing.LeakExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of a viewer that takes less than it is given. */
@ExtendWith(LeakExtension.class)
class ViewerTest {
    private static final long LIMIT = 1_000;
    private static final long STALLED = TimeUnit.SECONDS.toNanos(30);

    /** A socket whose peer reads when the test says so. */
    private static final class Peer extends EmbeddedChannel {
        private boolean reads = true;

        Peer() {
            super(new ChannelInboundHandlerAdapter() {
                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable closed) {
                    // what waited when the socket was closed
                }
            });
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (reads) {
                super.doWrite(in);
            }
        }

        void reads(boolean now) {
            reads = now;
            if (now) {
                flush();
            }
        }

        /** The peer's kernel took one message, and no more. */
        void readsOne() {
            unsafe().outboundBuffer().remove();
        }

        List<String> received() {
            List<String> all = new ArrayList<>();
            for (ByteBuf bytes = readOutbound(); bytes != null; bytes = readOutbound()) {
                all.add(new String(ByteBufUtil.getBytes(bytes), StandardCharsets.UTF_8).strip());
                bytes.release();
            }
            return all;
        }
    }

    private final Peer peer = new Peer();
    private final FanoutTallies tallies = FanoutTallies.fresh();
    private final Viewer viewer = new Viewer(peer.pipeline().firstContext(), null, () -> {});
    private long now;

    @AfterEach
    void close() {
        peer.reads(true);
        peer.finishAndReleaseAll();
    }

    @Test
    void aFirstWriteThatFailsGivesTheRestBack() {
        List<ByteBuf> first = List.of(Unpooled.buffer(), Unpooled.buffer(), Unpooled.buffer());
        int[] count = new int[1];
        Viewer broken = new Viewer(
                peer.pipeline().firstContext(),
                bytes -> {
                    bytes.release();
                    if (++count[0] == 2) {
                        throw new IllegalStateException("no frame for this");
                    }
                    return Unpooled.EMPTY_BUFFER;
                },
                () -> {});
        assertThatThrownBy(() -> broken.begin(first, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(first).allSatisfy(each -> assertThat(each.refCnt()).isZero());
    }

    /** A batch of 400 bytes. */
    private boolean deliver(String text, boolean randomAccessPoint, int configuration, @Nullable String header) {
        ByteBuf bytes = Unpooled.copiedBuffer(text + " ".repeat(400 - text.length()), StandardCharsets.UTF_8);
        ByteBuf before = header == null ? null : Unpooled.copiedBuffer(header, StandardCharsets.UTF_8);
        Batch batch = new Batch(bytes, randomAccessPoint, configuration, before, LIMIT);
        try {
            return viewer.deliver(batch, now, tallies, STALLED);
        } finally {
            batch.release();
        }
    }

    private boolean frame(String text) {
        return deliver(text, false, 0, null);
    }

    private boolean keyFrame(String text) {
        return deliver(text, true, 0, "header");
    }

    private long count(FanoutTallies.Event event) {
        return tallies.viewers().of(event);
    }

    /** 1,200 bytes wait: more than may. */
    private void fill() {
        peer.reads(false);
        assertThat(frame("1")).isTrue();
        assertThat(frame("2")).isTrue();
        assertThat(frame("3")).isTrue();
        assertThat(frame("4")).isFalse();
    }

    @Test
    void aSlowViewerIsSkippedToTheNextRandomAccessPoint() {
        fill();
        assertThat(keyFrame("5")).as("no room yet").isFalse();
        peer.reads(true);
        assertThat(frame("6")).as("cannot be decoded without what was skipped").isFalse();
        assertThat(keyFrame("7")).isTrue();
        assertThat(frame("8")).isTrue();
        assertThat(peer.received()).containsExactly("1", "2", "3", "7", "8");
        assertThat(count(FanoutTallies.Event.SKIPPED)).isEqualTo(1);
        assertThat(count(FanoutTallies.Event.STALLED)).isZero();
    }

    @Test
    void itGoesOnWhenHalfOfItsRoomIsFree() {
        fill();
        peer.readsOne();
        assertThat(keyFrame("5")).as("800 of 1,000 wait").isFalse();
        peer.readsOne();
        assertThat(keyFrame("6")).as("400 of 1,000 wait").isTrue();
    }

    @Test
    void aConfigurationThatWasSkippedComesFirst() {
        fill();
        assertThat(deliver("new configuration", false, 1, null)).isFalse();
        peer.reads(true);
        assertThat(deliver("5", true, 1, "header of 1")).isTrue();
        assertThat(deliver("6", true, 1, "header of 1")).isTrue();
        assertThat(peer.received()).containsExactly("1", "2", "3", "header of 1", "5", "6");
    }

    @Test
    void whoTakesNothingForHalfAMinuteIsClosed() {
        fill();
        now += STALLED;
        assertThat(keyFrame("5")).isFalse();
        assertThat(peer.isOpen()).isTrue();
        now += 1;
        assertThat(keyFrame("6")).isFalse();
        assertThat(peer.isOpen()).isFalse();
        assertThat(count(FanoutTallies.Event.STALLED)).isEqualTo(1);
    }

    @Test
    void whoTakesALittleStays() {
        fill();
        for (int i = 0; i < 2; i++) {
            now += STALLED;
            peer.readsOne();
            frame("slow");
        }
        now += STALLED;
        frame("slow");
        assertThat(peer.isOpen()).isTrue();
        assertThat(count(FanoutTallies.Event.STALLED)).isZero();
    }
}
