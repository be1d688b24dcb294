// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.frame.Track;
import live.millrace.media.frame.TrackFormat;

/** The tracks of {@link SampleMedia}. */
public final class SampleTracks {
    public static final Track VIDEO =
            new Track(Track.VIDEO, new TrackFormat.H264(AvcDecoderConfigurationRecord.parse(SampleMedia.avcC())));

    /** AAC-LC at 44.1 kHz, stereo. */
    public static final Track AUDIO = new Track(
            Track.AUDIO,
            new TrackFormat.Aac(
                    AudioSpecificConfig.parse(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(SampleMedia.ASC)))));

    private SampleTracks() {}
}
