// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.stun;

/**
 * Whom a check is for, and whose it is (RFC 8445 §7.2.2): the user fragments of their session descriptions.
 *
 * @param local of whoever is asked
 * @param remote of whoever asks
 */
public record StunUsername(String local, String remote) {
    /** As it stands in a request. */
    @Override
    public String toString() {
        return local + ":" + remote;
    }
}
