// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import io.netty.buffer.ByteBuf;
import java.util.List;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/**
 * Frames to the bytes of one format, the same for every viewer. {@link #tracks} comes first, and again when they change;
 * {@link #header} and {@link #configuration} after it at any time; {@link #frame} for each access unit. Confined to the stream's
 * thread; buffers are borrowed and appended to.
 */
public interface FeedEncoder {
    /** What the following frames belong to; writes nothing. */
    void tracks(List<Track> tracks);

    /** What each viewer gets once, before everything else. */
    void header(ByteBuf out);

    /** What decoders need to know of the tracks: behind the header, and again when they change. */
    void configuration(ByteBuf out);

    void frame(MediaFrame frame, ByteBuf out);

    /** Whether those who watch get nothing more, though the stream goes on: asked behind {@link #configuration}, they are sent away. */
    default boolean isOver() {
        return false;
    }

    /** The publisher left and may come back. */
    default void paused(ByteBuf out) {}

    /** Nothing more comes. */
    default void ended(ByteBuf out) {}
}
