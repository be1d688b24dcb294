// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.frame;

import io.netty.buffer.ByteBuf;

/**
 * One access unit: all coded data of one picture, or one frame of sound. The payload is H.264 in length-prefixed form
 * (ISO/IEC 14496-15), a raw AAC data block, or an MP3 frame.
 *
 * <p>A method borrows a frame for the length of the call; whoever keeps it retains the payload and releases it.
 *
 * @param decodeTime in units of the track's timescale, on a clock that never wraps
 * @param compositionTimeOffset presentation time less decode time, same units
 * @param randomAccessPoint decoding may start here; true of every audio frame
 * @param payload shared, not to be written to, its indices not to be moved
 */
public record MediaFrame(
        Track track, long decodeTime, int compositionTimeOffset, boolean randomAccessPoint, ByteBuf payload) {

    public long presentationTime() {
        return decodeTime + compositionTimeOffset;
    }

    /** The same frame at another time; the payload stays shared. */
    public MediaFrame at(long newDecodeTime) {
        return new MediaFrame(track, newDecodeTime, compositionTimeOffset, randomAccessPoint, payload);
    }

    public MediaFrame retain() {
        payload.retain();
        return this;
    }

    public void release() {
        payload.release();
    }
}
