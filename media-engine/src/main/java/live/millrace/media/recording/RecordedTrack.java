// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import io.netty.buffer.ByteBuf;

/**
 * A track in one of its formats.
 *
 * @param name in addresses: {@code v0} is the default picture, {@code a0} the default sound
 * @param format counts the formats that the track had in the recording, from 0
 * @param codec as RFC 6381 says it: {@code avc1.64001f}
 * @param timescale units per second of its decode times
 * @param width in pixels; 0 for sound
 * @param height in pixels; 0 for sound
 * @param initialization the initialization section that its fragments need; unpooled, read-only
 */
public record RecordedTrack(
        String name, int format, String codec, int timescale, int width, int height, ByteBuf initialization) {
    public boolean isVideo() {
        return name.startsWith("v");
    }
}
