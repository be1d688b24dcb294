// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The keys of all channels. Thread-safe. A key is stored as its public prefix and a hash, and shown once. Those of {@link BrowserKeys} are found
 * here like others, and stand in no list.
 */
public interface StreamKeys {
    /** Keys of a channel that are not revoked. */
    int MAX_KEYS = 20;

    int MAX_NAME = 50;

    /** Those that are not revoked, the newest first. */
    List<StreamKeyView> ofChannel(long channelId);

    /**
     * Makes a key.
     *
     * @return empty when the channel has as many as it may
     */
    default Optional<NewStreamKey> create(long channelId, String name) {
        return create(channelId, name, false);
    }

    /**
     * Makes a key.
     *
     * @param encrypted with a passphrase of its own
     * @return empty when the channel has as many as it may
     */
    Optional<NewStreamKey> create(long channelId, String name, boolean encrypted);

    /**
     * Gives a key a passphrase, in place of the one that it may have. Whoever publishes with it goes on.
     *
     * @return empty when the channel has no such key
     */
    Optional<NewPassphrase> encrypt(long channelId, long keyId);

    /** Takes a key its passphrase; answers whether there was such a key. */
    boolean leavePlain(long channelId, long keyId);

    /** What a key's SRT is encrypted with; empty where it has none of its own. One that cannot be read any more is replaced by one that nobody knows. */
    Optional<String> passphrase(long keyId);

    /** Revokes a channel's key; answers whether there was one. */
    boolean revoke(long channelId, long keyId);

    /** Revokes all keys of all channels of an account; answers how many there were. */
    int revokeAll(long accountId);

    /** How many keys an account has, in all its channels. */
    int count(long accountId);

    /** The key that a secret opens, revoked or not. */
    Optional<StreamKeyView> identify(String secret);

    /** The key whose public prefix the text starts with, though its secret may be wrong. */
    Optional<StreamKeyView> findByPrefix(String text);

    Optional<StreamKeyView> find(long keyId);

    /** Notes that a key publishes. */
    void used(long keyId, String encoder);

    /** Lets a key publish no more until a time; a longer block stays. */
    void block(long keyId, Instant until);

    /** Takes a block back, by its end to the microsecond; a longer one that came after it stays. */
    void unblock(long keyId, Instant until);
}
