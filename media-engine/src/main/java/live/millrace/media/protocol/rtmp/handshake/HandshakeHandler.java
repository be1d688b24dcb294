// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import live.millrace.media.protocol.rtmp.RtmpProtocolException;

/**
 * The server's side of the handshake (RTMP 1.0 §5.2). Answers C0 and C1 with S0, S1 and S2 in one write, waits for C2,
 * then fires {@link HandshakeCompleted} and leaves the pipeline; bytes behind C2 go to the next handler.
 *
 * <p>A wrong digest or echo is not refused: old and odd encoders send them. Fails with
 * {@link RtmpProtocolException} when the version byte shows that the peer does not speak RTMP.
 */
public final class HandshakeHandler extends ByteToMessageDecoder {
    /** C1, C2, S1 and S2 have this many bytes. */
    static final int BLOCK = 1536;

    /** §5.2.2: below is deprecated or reserved, above looks like text. */
    private static final int VERSION = 3;

    private static final int FIRST_FORBIDDEN_VERSION = 32;

    /** Version bytes of an S1 with a digest, as Flash Media Server 3.5.1.1 wrote them. */
    private static final int DIGEST_SERVER_VERSION = 0x04050001;

    private static final SplittableRandom RANDOM = new SplittableRandom();

    /** Tells the pipeline that chunks follow. */
    public static final class HandshakeCompleted {
        public static final HandshakeCompleted INSTANCE = new HandshakeCompleted();

        private HandshakeCompleted() {}
    }

    private boolean answered;

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!answered) {
            if (in.isReadable() && in.getUnsignedByte(in.readerIndex()) >= FIRST_FORBIDDEN_VERSION) {
                in.skipBytes(in.readableBytes()); // fail once
                throw new RtmpProtocolException("the first byte is no RTMP version: the peer speaks something else");
            }
            if (in.readableBytes() < 1 + BLOCK) {
                return;
            }
            in.skipBytes(1);
            byte[] c1 = new byte[BLOCK];
            in.readBytes(c1);
            ctx.writeAndFlush(answer(ctx, c1));
            answered = true;
        }
        if (in.readableBytes() >= BLOCK) {
            in.skipBytes(BLOCK); // C2: librtmp only warns on a wrong echo, so nobody can rely on it
            ctx.fireUserEventTriggered(HandshakeCompleted.INSTANCE);
            ctx.pipeline().remove(this);
        }
    }

    private static ByteBuf answer(ChannelHandlerContext ctx, byte[] c1) {
        byte[] s1 = new byte[BLOCK];
        byte[] s2 = new byte[BLOCK];
        synchronized (RANDOM) {
            RANDOM.nextBytes(s1);
            RANDOM.nextBytes(s2);
        }
        Arrays.fill(s1, 0, 8, (byte) 0); // time 0; zeros say "simple handshake", which FFmpeg checks
        boolean mayHoldDigest = (c1[4] | c1[5] | c1[6] | c1[7]) != 0;
        OptionalInt digest = mayHoldDigest ? HandshakeDigest.find(c1) : OptionalInt.empty();
        if (digest.isPresent()) {
            int at = digest.getAsInt();
            for (int i = 0; i < 4; i++) {
                s1[4 + i] = (byte) (DIGEST_SERVER_VERSION >>> (8 * (3 - i)));
            }
            HandshakeDigest.sign(s1, at);
            byte[] clientDigest = Arrays.copyOfRange(c1, at, at + HandshakeDigest.LENGTH);
            byte[] tail = HandshakeDigest.response(s2, clientDigest);
            System.arraycopy(tail, 0, s2, BLOCK - tail.length, tail.length);
        } else {
            s2 = c1; // §5.2.4: the echo
        }
        return ctx.alloc()
                .buffer(1 + 2 * BLOCK)
                .writeByte(VERSION)
                .writeBytes(s1)
                .writeBytes(s2);
    }
}
