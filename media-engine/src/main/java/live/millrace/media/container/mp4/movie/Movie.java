// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4.movie;

import java.util.List;

/**
 * What is in a file.
 *
 * @param tracks that are carried, in the file's order
 * @param leftOut pictures and sound of codecs that are not, or broken ones
 */
public record Movie(List<MovieTrack> tracks, List<LeftOut> leftOut) {
    public Movie {
        tracks = List.copyOf(tracks);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * A track that is not carried.
     *
     * @param video it is pictures; else sound
     * @param codec what people call its codec: {@code VP8}
     * @param samples that it has: a cover has one
     * @param why what stands against it
     */
    public record LeftOut(boolean video, String codec, int samples, MalformedMovieException why) {}
}
