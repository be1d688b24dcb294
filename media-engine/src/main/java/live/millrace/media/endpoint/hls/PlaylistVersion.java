// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import live.millrace.media.protocol.hls.MediaPlaylist;
import org.jspecify.annotations.Nullable;

/**
 * One version of a media playlist: written when the first player asks for it, then served to all. Thread-safe; buffers are never
 * pooled, since a version lives until its last reader has gone.
 */
final class PlaylistVersion {
    private final MediaPlaylist playlist;
    private final long lastSegment;
    private final long openSegment;
    private final int openParts;
    private @Nullable ByteBuf text;
    private @Nullable ByteBuf gzip;
    private @Nullable ByteBuf delta;
    private @Nullable ByteBuf deltaGzip;

    /**
     * Makes a version.
     *
     * @param lastSegment the media sequence number of the last whole segment; -1 if there is none
     * @param openSegment of the segment that has only parts yet
     * @param openParts how many
     */
    PlaylistVersion(MediaPlaylist playlist, long lastSegment, long openSegment, int openParts) {
        this.playlist = playlist;
        this.lastSegment = lastSegment;
        this.openSegment = openSegment;
        this.openParts = openParts;
    }

    MediaPlaylist playlist() {
        return playlist;
    }

    long lastSegment() {
        return lastSegment;
    }

    long openSegment() {
        return openSegment;
    }

    int openParts() {
        return openParts;
    }

    /** Quoted; names what the version ends with. */
    String entityTag(boolean asDelta) {
        return "\"" + lastSegment + "." + openParts + (playlist.ended() ? "-end" : "") + (asDelta ? "-delta" : "")
                + "\"";
    }

    /** The bytes to serve; the caller owns one reference. */
    synchronized ByteBuf bytes(boolean asDelta, boolean compressed) {
        ByteBuf made;
        if (asDelta) {
            delta = delta == null ? buffer(playlist.delta().getBytes(StandardCharsets.UTF_8)) : delta;
            deltaGzip = compressed && deltaGzip == null ? gzip(delta) : deltaGzip;
            made = compressed ? deltaGzip : delta;
        } else {
            text = text == null ? buffer(playlist.text().getBytes(StandardCharsets.UTF_8)) : text;
            gzip = compressed && gzip == null ? gzip(text) : gzip;
            made = compressed ? gzip : text;
        }
        return Objects.requireNonNull(made).duplicate();
    }

    private static ByteBuf buffer(byte[] bytes) {
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes).asReadOnly());
    }

    private static ByteBuf gzip(ByteBuf plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.readableBytes() / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            plain.duplicate().readBytes(gzip, plain.readableBytes());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return buffer(out.toByteArray());
    }
}
