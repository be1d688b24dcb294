// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

/**
 * What the first segment of a cut is called (RFC 8216 §6.2.2).
 *
 * @param media its media sequence number
 * @param discontinuity its discontinuity sequence number
 */
public record FirstNumbers(long media, long discontinuity) {
    /** Below all others: for a broadcast that nobody has cut before. */
    public static final FirstNumbers LEAST = new FirstNumbers(0, 0);
}
