// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.container.flv.FlvDemuxer;

/** The tags of a publish session in FLV, whatever they come in. Confined to the session's event loop. */
public final class TagIntake {
    private final MediaIntake media;
    private final FlvDemuxer demuxer;

    /** @param media where they go */
    public TagIntake(MediaIntake media) {
        this.media = media;
        this.demuxer = new FlvDemuxer(media);
    }

    /** Where they go. */
    public MediaIntake media() {
        return media;
    }

    /**
     * Takes a tag.
     *
     * @param millis unwrapped
     * @param body borrowed
     * @return whether it, or one track of it, could be read
     */
    public boolean take(boolean video, long millis, ByteBuf body) {
        long before = media.frames();
        boolean read = false;
        try {
            if (video) {
                demuxer.video(millis, body);
            } else {
                demuxer.audio(millis, body);
            }
            read = true;
        } catch (UnsupportedMediaException e) {
            media.unsupported(video, String.valueOf(e.getMessage()));
        } catch (MalformedMediaException e) {
            media.malformed(video, String.valueOf(e.getMessage()));
        }
        if (media.frames() > before) { // of a tag of several tracks, some may be good
            media.readable(video);
            return true;
        }
        return read;
    }
}
