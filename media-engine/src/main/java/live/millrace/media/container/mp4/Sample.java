// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import live.millrace.media.frame.MediaFrame;

/**
 * One access unit in a movie fragment.
 *
 * @param duration in the track's timescale, as the offset
 * @param sync decoding may start here
 * @param payload borrowed; its indices stay
 */
public record Sample(int duration, int compositionTimeOffset, boolean sync, ByteBuf payload) {
    public static Sample of(MediaFrame frame, int duration) {
        return new Sample(duration, frame.compositionTimeOffset(), frame.randomAccessPoint(), frame.payload());
    }
}
