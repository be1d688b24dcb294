// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.frame;

/**
 * Takes tracks and frames. {@link #track} comes before the first frame of a track and again when its format changes.
 * All calls come from one thread.
 */
public interface FrameSink {
    void track(Track track);

    /**
     * Takes one access unit.
     *
     * @param frame borrowed for the length of the call
     */
    void frame(MediaFrame frame);

    /** Something was mended, or thrown away, before it became a frame. */
    default void repaired(Repair repair) {}

    /** A part is left out; told once for each. */
    default void leftOut(LeftOut part) {}
}
