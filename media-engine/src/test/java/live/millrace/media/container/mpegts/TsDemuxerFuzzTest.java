// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Whatever comes as a transport stream costs no more than frames, and leaves no buffer behind. */
class TsDemuxerFuzzTest {
    /** The first byte chooses how the rest is cut; the tables come before it, so that streams of every kind are reached. */
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadOrFailCleanly(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        if (!in.isReadable()) {
            return;
        }
        int cut = 1 + in.readUnsignedByte();
        Demuxed found = new Demuxed();
        TsDemuxer demuxer = new TsDemuxer(found);
        demuxer.take(TsTables.ofEverything());
        while (in.isReadable()) {
            demuxer.take(in.readSlice(Math.min(cut, in.readableBytes())));
            demuxer.flush();
        }
        demuxer.end();
    }
}
