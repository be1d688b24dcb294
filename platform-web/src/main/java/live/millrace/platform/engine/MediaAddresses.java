// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the world reaches the engine, as somebody who sent this request does. */
public interface MediaAddresses {
    /** For the encoder's Server field: {@code rtmp://host/live}. */
    String rtmpServer(HttpServletRequest request);

    /**
     * An address of another protocol than the usual ones. As good as the key or the ticket in it.
     *
     * @param protocol as programs call it
     * @param passphrase its peers have to know the server's passphrase as well, which nobody is told here
     */
    record Other(String protocol, String address, boolean passphrase) {
        @Override
        public String toString() {
            return "Other[" + protocol + "]";
        }
    }

    /**
     * Where encoders send to that do not speak RTMP, in the protocols that are spoken here.
     *
     * @param key of a stream, or what stands in its place
     * @param passphrase of the key's own, for SRT; null where it has none, or it is not shown
     */
    List<Other> encoders(HttpServletRequest request, String key, @Nullable String passphrase);

    /**
     * What an encoder of WHIP is told; it brings its key beside the address.
     *
     * @param server {@code http://host:8081/whip}
     * @param mediaPort of UDP, to which its media comes
     */
    record Whip(String server, int mediaPort) {}

    /** For encoders of WHIP. Empty where it is not spoken. */
    Optional<Whip> whip(HttpServletRequest request);

    /** Whether what is live can be watched by WebRTC. */
    boolean instant();

    /**
     * Where players play from that want neither HLS nor RTMP, in the protocols that are spoken here.
     *
     * @param ticket null for what is for everybody
     */
    List<Other> players(HttpServletRequest request, String channel, @Nullable String ticket);

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
