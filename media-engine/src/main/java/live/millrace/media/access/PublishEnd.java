// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

/** How a publish session ended. */
public enum PublishEnd {
    /** The peer said goodbye. */
    UNPUBLISHED,
    /** The connection closed or was lost without a goodbye. */
    CONNECTION_LOST,
    /** It came and went without a single piece of audio or video: another container than its protocol has, most likely. */
    NO_MEDIA,
    /** It was answered, and then nothing came from it to the port that it was told: the way there is blocked, or leads elsewhere. */
    UNREACHED,
    /** No media came for longer than the limit. */
    SILENT,
    /** The peer broke the protocol or a limit. */
    PROTOCOL_ERROR,
    /** Something failed here, by no fault of the peer. */
    FAILED,
    /** The media cannot be carried (an unknown codec, say). */
    UNSUPPORTED_MEDIA,
    /** A newer session with the same key took over. */
    TAKEN_OVER,
    /** The stream's owner, an admin or the site ended it: revoked key, ended stream, suspended account. */
    KICKED,
    /** The server is going down. */
    SHUTDOWN
}
