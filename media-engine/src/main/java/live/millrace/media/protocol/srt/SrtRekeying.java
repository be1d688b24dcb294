// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

/**
 * When a sender changes its keys.
 *
 * @param packets that are sent with one key
 * @param announced so many packets before a key is used, the peer is told of it
 */
public record SrtRekeying(int packets, int announced) {
    /** As libsrt does, after some 22 GB. */
    public static final SrtRekeying USUAL = new SrtRekeying(1 << 24, 4_000);

    public SrtRekeying {
        if (announced < 1 || packets <= announced) {
            throw new IllegalArgumentException("keys are announced before they are used, and used for a while");
        }
    }
}
