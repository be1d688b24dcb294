// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/**
 * The passphrase of a key at the one moment when it can be seen.
 *
 * @param text never to be logged
 */
public record NewPassphrase(StreamKeyView key, String text) {
    @Override
    public String toString() {
        return "NewPassphrase[" + key.prefix() + "]";
    }
}
