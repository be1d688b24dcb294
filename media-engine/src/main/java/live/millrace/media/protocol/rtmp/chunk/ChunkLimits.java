// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.chunk;

import live.millrace.media.protocol.rtmp.RtmpMessageType;

/**
 * What a peer may send. Two sets are in force one after the other: a stranger's and a publisher's.
 *
 * @param maxMessageBytes of commands, data and everything that is not media
 * @param maxMediaBytes of an audio, video or aggregate message
 * @param maxPartialBytes of all unfinished messages of a connection together
 */
public record ChunkLimits(int maxMessageBytes, int maxMediaBytes, int maxPartialBytes) {
    /** Before a publisher is authorised: enough for every {@code connect} seen, little for an attacker. */
    public static final ChunkLimits STRANGER = new ChunkLimits(64 << 10, 64 << 10, 256 << 10);

    /** After it: an access unit of 8 MiB fits, with the headers of its tag. */
    public static final ChunkLimits PUBLISHER = new ChunkLimits(1 << 20, (8 << 20) + (64 << 10), 16 << 20);

    /** Chunk streams with state; encoders use up to eight, cameras odd ids, nobody dozens. */
    public static final int MAX_CHUNK_STREAMS = 64;

    /** §5.4.1: a larger chunk size means the same, since no message is longer. */
    public static final int MAX_CHUNK_SIZE = 0xFFFFFF;

    /** §5.4.1 */
    public static final int DEFAULT_CHUNK_SIZE = 128;

    int of(int typeId) {
        return RtmpMessageType.of(typeId).isMedia() ? maxMediaBytes : maxMessageBytes;
    }
}
