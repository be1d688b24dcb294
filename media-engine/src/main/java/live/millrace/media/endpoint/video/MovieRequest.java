// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

/**
 * Which file of a recording is wanted.
 *
 * @param soundAlone without pictures
 * @param startMillis in media time; -1 for the beginning
 * @param endMillis in media time; -1 for the end
 * @param part which of the parts that have one format each, from 0; -1 for all
 */
record MovieRequest(boolean soundAlone, long startMillis, long endMillis, int part) {
    /** The query of another part, and the rest as it is. */
    String query(int otherPart) {
        StringBuilder query = new StringBuilder("?part=").append(otherPart);
        if (soundAlone) {
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
