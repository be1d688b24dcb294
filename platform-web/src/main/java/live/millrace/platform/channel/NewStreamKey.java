// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import org.jspecify.annotations.Nullable;

/**
 * A key at the one moment when it can be seen.
 *
 * @param secret the whole key; never to be stored or logged
 * @param passphrase what SRT is encrypted with by whoever brings it, never to be logged; null where it has none
 */
public record NewStreamKey(
        StreamKeyView key, String secret, @Nullable String passphrase) {
    @Override
    public String toString() {
        return "NewStreamKey[" + key.prefix() + "]";
    }
}
