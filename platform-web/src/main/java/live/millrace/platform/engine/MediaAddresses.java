// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** How the world reaches the engine, as somebody who sent this request does. */
public interface MediaAddresses {
    /** For the encoder's Server field: {@code rtmp://host/live}. */
    String rtmpServer(HttpServletRequest request);

    /** For players: {@code http://host:8081/live/{channel}.m3u8}. */
    String hls(HttpServletRequest request, String channel);

    /** What there is of a video: {@code http://host:8081/videos/{path}}. */
    String video(HttpServletRequest request, String path);

    /**
     * What a ticket opens, of the addresses above: {@code http://host:8081/t/{ticket}/live/{channel}.m3u8}.
     *
     * @param address of playlists and files, as told here
     */
    String by(String ticket, HttpServletRequest request, String address);

    /** Where a cache answers for the media port, also for what is not for everybody: {@code https://cdn.example.org}. Empty where none may. */
    Optional<String> cdn();
}
