// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.protocol.hls.MediaPlaylist;

/** What is answered, but for the bytes. */
final class Answers {
    private static final String PLAYLIST_CACHING = "no-cache";

    /** A segment's address names its broadcast and number: it never changes. */
    private static final String SEGMENT_CACHING = "public, max-age=3600, immutable";

    private Answers() {}

    static HttpAnswer playlist(PlaylistVersion version, boolean delta, boolean gzip) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                MediaPlaylist.CONTENT_TYPE,
                PLAYLIST_CACHING,
                new HttpAnswer.Content.Memory(version.bytes(delta, gzip)),
                gzip ? Optional.of("gzip") : Optional.empty(),
                Optional.of(version.entityTag(delta)),
                false,
                Map.of());
    }

    static HttpAnswer text(String text, String contentType) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                contentType,
                PLAYLIST_CACHING,
                new HttpAnswer.Content.Memory(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of());
    }

    static HttpAnswer badRequest(String line) {
        return HttpAnswer.refusal(HttpResponseStatus.BAD_REQUEST, line);
    }

    /** A stream has no track for a playlist or manifest: none is wanted, or there is no place for any. */
    static HttpAnswer nothing(HlsStream stream, String format) {
        boolean hasPlace = stream.tracks().stream()
                .anyMatch(track -> track.track().format().codec().playsFromSegments());
        return hasPlace ? noTrack() : noPlace(stream, format);
    }

    /** A stream has no track for a transport stream: none that is wanted sounds now, or there is no place for it. */
    static HttpAnswer noTransport(HlsStream stream, boolean soundAlone) {
        boolean wanted = stream.tracks().isEmpty()
                || stream.tracks().stream()
                        .anyMatch(track -> !(soundAlone && track.track().isVideo())
                                && stream.renditions().current(track).isPresent());
        return wanted ? noPlace(stream, "MPEG-TS") : noTrack();
    }

    static HttpAnswer noPlace(HlsStream stream, String format) {
        boolean hls = stream.tracks().stream()
                .map(track -> track.track().format())
                .anyMatch(track -> track.codec().playsFromSegments() || track.transport() != null);
        String other = hls ? ".m3u8." : ".flv.";
        return HttpAnswer.refusal(
                HttpResponseStatus.NOT_FOUND,
                format + " has no place for this stream's codecs. Play /"
                        + stream.live().path() + other);
    }

    static HttpAnswer noTrack() {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "This stream has no such track.");
    }

    static HttpAnswer notLive() {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "This channel is not live.");
    }

    /** A segment without a byte, and so without ranges of bytes. */
    static HttpAnswer gap(String contentType) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                contentType,
                SEGMENT_CACHING,
                new HttpAnswer.Content.Memory(Unpooled.EMPTY_BUFFER),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of());
    }

    static HttpAnswer immutable(ByteBuf content, String contentType) {
        return immutable(new HttpAnswer.Content.Memory(content), contentType);
    }

    static HttpAnswer immutable(HttpAnswer.Content content, String contentType) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                contentType,
                SEGMENT_CACHING,
                content,
                Optional.empty(),
                Optional.of("\"" + content.size() + "\""),
                true,
                Map.of());
    }
}
