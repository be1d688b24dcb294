// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.frame.Track;

/** The tracks of {@link SampleMedia}. */
public final class SampleTracks {
    public static final Track VIDEO =
            new Track(Track.VIDEO, new H264.Format(AvcDecoderConfigurationRecord.parse(SampleMedia.avcC())));

    /** AAC-LC at 44.1 kHz, stereo. */
    public static final Track AUDIO = new Track(
            Track.AUDIO,
            new Aac.Format(
                    AudioSpecificConfig.parse(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(SampleMedia.ASC)))));

    private SampleTracks() {}
}
