// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

/** Why somebody may not publish, in the words of the connection log ({@code studio.cause.*}). The engine's own causes, name by name. */
public enum Refusal {
    NO_KEY,
    UNKNOWN_KEY,
    BAD_NAME,
    WRONG_CHANNEL,
    KEY_REVOKED,
    KEY_BLOCKED,
    ACCOUNT_SUSPENDED,
    STREAMING_SUSPENDED,
    NOT_A_STREAMER,
    ADDRESS_BANNED,
    MAINTENANCE,
    WRONG_PASSPHRASE,
    PASSPHRASE_MISSING,
    PASSPHRASE_UNWANTED,
    UNKNOWN_ENCRYPTION,
    CHANNEL_BUSY,
    TAKEOVER_TOO_SOON,
    TOO_MANY_ATTEMPTS,
    SERVER_FULL,
    NO_ANSWER,
    PEER_LEFT
}
