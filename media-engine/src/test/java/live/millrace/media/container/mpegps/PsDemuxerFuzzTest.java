// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegps;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import live.millrace.media.container.mpegts.Demuxed;

/** Whatever comes as a program stream costs no more than frames, and leaves no buffer behind. */
class PsDemuxerFuzzTest {
    /** The first byte chooses how the rest is cut; 0 among the lengths is a loss. */
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadOrFailCleanly(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        if (!in.isReadable()) {
            return;
        }
        int cut = in.readUnsignedByte();
        PsDemuxer demuxer = new PsDemuxer(new Demuxed());
        demuxer.take(PsScript.pack(0));
        while (in.isReadable()) {
            demuxer.take(in.readSlice(Math.min(1 + cut, in.readableBytes())));
            if (cut == 0) {
                demuxer.lost();
            }
        }
        demuxer.end();
    }
}
