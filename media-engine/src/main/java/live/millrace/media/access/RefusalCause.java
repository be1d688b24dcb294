// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

/** Why a publish attempt was refused. Told to the streamer's connection log or the operator, never to the peer. */
public enum RefusalCause {
    /** The address held no key. */
    NO_KEY,
    /** No such key. */
    UNKNOWN_KEY,
    /** No stream can have the name that the address says, or that was granted. */
    BAD_NAME,
    /** The key belongs to another channel than the one named in the address. */
    WRONG_CHANNEL,
    /** Its owner revoked the key. */
    KEY_REVOKED,
    /** An admin blocked the key for some minutes. */
    KEY_BLOCKED,
    /** The account is suspended. */
    ACCOUNT_SUSPENDED,
    /** The account may not go on air. */
    STREAMING_SUSPENDED,
    /** The site lets only some people stream, and this account is none of them. */
    NOT_A_STREAMER,
    /** Nobody may come from this address. */
    ADDRESS_BANNED,
    /** The site takes no new streams for a while. */
    MAINTENANCE,
    /** The key is right; its encryption is that of another passphrase. */
    WRONG_PASSPHRASE,
    /** The key is right; it wants a passphrase and the peer does not encrypt. */
    PASSPHRASE_MISSING,
    /** The key is right; the peer encrypts and nobody told it to. */
    PASSPHRASE_UNWANTED,
    /** The key is right; the peer encrypts in a way that is not spoken here. */
    UNKNOWN_ENCRYPTION,
    /** The channel is live from an encoder with another key. */
    CHANNEL_BUSY,
    /** The same key took over less than two seconds ago. */
    TAKEOVER_TOO_SOON,
    /** Too many refused attempts from this address. */
    TOO_MANY_ATTEMPTS,
    /** The engine holds as many publishers as it may. */
    SERVER_FULL,
    /** Whoever should answer did not answer in time, or failed. The peer is told nothing, and not that its key is bad. */
    NO_ANSWER,
    /** The peer left, or broke the protocol, before it was answered. */
    PEER_LEFT
}
