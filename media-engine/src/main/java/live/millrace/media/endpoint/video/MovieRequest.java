// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import live.millrace.media.codec.mp3.Mp3;

/**
 * Which file of a recording is wanted.
 *
 * @param startMillis in media time; -1 for the beginning
 * @param endMillis in media time; -1 for the end
 * @param part which of the parts that have one format each, from 0; -1 for all
 */
record MovieRequest(Form form, long startMillis, long endMillis, int part) {
    /** What kind of file. */
    enum Form {
        /** Pictures and sound. */
        MOVIE(".mp4", "video/mp4"),
        /** The sound alone. */
        SOUND(".m4a", "audio/mp4"),
        /** The sound alone, as one frame after another without a container: where it is MP3. */
        FRAMES(Mp3.FILE_SUFFIX, "audio/mpeg");

        private final String suffix;
        private final String contentType;

        Form(String suffix, String contentType) {
            this.suffix = suffix;
            this.contentType = contentType;
        }

        String suffix() {
            return suffix;
        }

        String contentType() {
            return contentType;
        }
    }

    boolean soundAlone() {
        return form != Form.MOVIE;
    }

    /** The query of another part, and the rest as it is. */
    String query(int otherPart) {
        StringBuilder query = new StringBuilder("?part=").append(otherPart);
        if (form == Form.SOUND) {
            query.append("&audio=only");
        }
        if (startMillis >= 0) {
            query.append("&start=").append(startMillis);
        }
        if (endMillis >= 0) {
            query.append("&end=").append(endMillis);
        }
        return query.toString();
    }
}
