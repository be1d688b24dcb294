// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a conversation sends with, and their changes (draft §6.1.6): the next one is announced some packets before it is used, again and
 * again until the peer says that it has it, and not used before. What is sent again keeps the key that it was sent with, which the peer keeps
 * as well. Not thread-safe.
 */
final class SrtSendingKeys {
    /** With one key and one salt no number may come twice; they go round after as many packets. */
    private static final long MOST = 1L << 31;

    /** An announcement is repeated after one and a half round trips, and no sooner than this, µs. */
    private static final long SOONEST = 50_000;

    private final SrtRekeying pace;
    private final SrtCipher cipher;
    private SrtKeys keys;
    private int current;
    private long used;
    private byte @Nullable [] announcement;
    private boolean known;
    private long lastAnnounced;

    /** @param keys the first ones, with a passphrase that the next are wrapped with */
    SrtSendingKeys(SrtKeys keys, SrtRekeying pace) {
        this.keys = keys;
        this.pace = pace;
        this.cipher = new SrtCipher(keys);
        this.current = cipher.sending();
    }

    /** The flag of the key for the next packet, which counts. */
    int use() {
        if (used >= pace.packets() && announcement != null && known) {
            current ^= SrtKeys.EVEN | SrtKeys.ODD;
            announcement = null;
            used = 0;
        }
        used++;
        return current;
    }

    /** Encrypts in place. */
    void encrypt(int sequence, int flag, ByteBuf packet, int from, int length) {
        cipher.apply(sequence, flag, packet, from, length);
    }

    /** The message that the peer should get now. */
    Optional<byte[]> announcement(long now, long roundTrip) {
        if (announcement == null && used >= pace.packets() - pace.announced()) {
            keys = keys.next(current, new SecureRandom());
            cipher.add(keys);
            announcement = keys.wrap();
            known = false;
            lastAnnounced = now - Math.max(SOONEST, roundTrip * 3 / 2);
        }
        if (announcement == null || known || now - lastAnnounced < Math.max(SOONEST, roundTrip * 3 / 2)) {
            return Optional.empty();
        }
        lastAnnounced = now;
        return Optional.of(announcement);
    }

    /** The peer's answer: the same message; anything else says that it could not read it, and it is told again. */
    void answered(byte[] message) {
        known |= announcement != null && Arrays.equals(message, announcement);
    }

    /** The peer never took another key, and the one it has may be used no longer. */
    boolean usedUp() {
        return used >= MOST;
    }
}
