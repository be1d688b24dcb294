// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import live.millrace.media.hub.StreamPath;

/**
 * A way in which a stream is cut.
 *
 * @param commonSound its sound is made into one that every player knows, apart from what is cut for all others
 */
record Presentation(StreamPath path, boolean commonSound) {
    /** What comes, for all who play it. */
    static Presentation asItComes(StreamPath path) {
        return new Presentation(path, false);
    }

    /** With sound that every player knows. */
    static Presentation withCommonSound(StreamPath path) {
        return new Presentation(path, true);
    }
}
