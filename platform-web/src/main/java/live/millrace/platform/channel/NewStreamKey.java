// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/**
 * A key at the one moment when it can be seen.
 *
 * @param secret the whole key; never to be stored or logged
 */
public record NewStreamKey(StreamKeyView key, String secret) {
    @Override
    public String toString() {
        return "NewStreamKey[" + key.prefix() + "]";
    }
}
