// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import live.millrace.media.frame.MediaFrame;

/** A key frame as a fragmented MP4 of one picture: what programs that decode take. */
public final class StillPicture {
    /** An initialization section has some hundred bytes. */
    private static final int HEADERS = 2_048;

    private StillPicture() {}

    /** @param keyFrame a random access point of a video track, borrowed */
    public static byte[] of(MediaFrame keyFrame) {
        ByteBuf out = Unpooled.buffer(keyFrame.payload().readableBytes() + HEADERS);
        InitializationSection.write(List.of(keyFrame.track()), out);
        Sample sample = new Sample(keyFrame.track().timescale(), 0, true, keyFrame.payload());
        FragmentWriter.write(1, keyFrame.track(), 0, List.of(sample), out);
        return ByteBufUtil.getBytes(out);
    }
}
