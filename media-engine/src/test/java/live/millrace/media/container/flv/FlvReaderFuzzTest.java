// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import live.millrace.media.codec.MalformedMediaException;

/** Whatever comes as an FLV file is read, or refused in words. */
class FlvReaderFuzzTest {
    /** The first byte chooses how the rest is cut; the head of the file stands before it. */
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadOrFailCleanly(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        if (!in.isReadable()) {
            return;
        }
        int cut = 1 + in.readUnsignedByte();
        FlvReader reader = new FlvReader((_, _, body) -> body.skipBytes(body.readableBytes()));
        try {
            reader.take(Unpooled.wrappedBuffer(new byte[] {'F', 'L', 'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0}));
            while (in.isReadable()) {
                reader.take(in.readSlice(Math.min(cut, in.readableBytes())));
            }
        } catch (MalformedMediaException expected) {
            // what a peer's mistake may cost
        }
    }
}
