// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control.api;

import java.time.Duration;

/**
 * A picture of a stream that somebody asks for.
 *
 * @param url of a stream here or elsewhere, as a program said it; may hold secrets
 * @param host by which the request came, without a port; may be empty
 * @param patience how long there may be none
 * @param age how old one that was made before may be
 */
public record PictureWish(String url, String host, Duration patience, Duration age) {
    /** Secrets stand here. */
    @Override
    public String toString() {
        return "PictureWish[hidden]";
    }
}
