// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.table.CodecTable;
import live.millrace.media.frame.FrameSink;

/**
 * FLV tag bodies to frames, in their classic form and in the extended form of Enhanced RTMP v2, with several tracks. A
 * sequence header that says nothing new is not passed on: some encoders repeat it each second.
 *
 * <p>Both methods throw {@link MalformedMediaException}, when the tag is broken, and
 * {@link UnsupportedMediaException}, when it is of a codec that is not carried. Both cost that tag alone: the next one may be good. Tag
 * bodies are borrowed. One instance for each publish session; not thread-safe.
 */
public final class FlvDemuxer {
    private final VideoTags video;
    private final AudioTags audio;

    /** Of every codec that the engine carries. */
    public FlvDemuxer(FrameSink sink) {
        this(sink, CodecTable.ALL);
    }

    /** Of some codecs. */
    public FlvDemuxer(FrameSink sink, CodecTable codecs) {
        this.video = new VideoTags(sink, codecs);
        this.audio = new AudioTags(sink, codecs);
    }

    /**
     * Reads a video tag body.
     *
     * @param timestampMillis decode time, unwrapped
     */
    public void video(long timestampMillis, ByteBuf body) {
        if (body.isReadable()) {
            video.read(timestampMillis, body);
        }
    }

    /**
     * Reads an audio tag body. An empty one means silence (Enhanced RTMP).
     *
     * @param timestampMillis unwrapped
     */
    public void audio(long timestampMillis, ByteBuf body) {
        if (body.isReadable()) {
            audio.read(timestampMillis, body);
        }
    }
}
