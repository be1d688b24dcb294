// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.util.Optional;

/**
 * The keys by which addresses are signed, {@link PlaySignature}. Asked on event loops, for every request for what is behind one: reads memory.
 * Thread-safe.
 */
public interface SigningKeys {
    /** The number of the key that is signed with now: 0 to 99,999,999. */
    int current();

    /** The bytes of a key that is good now, 32 or more; the caller's to read alone. Empty for numbers of none. */
    Optional<byte[]> key(int number);
}
