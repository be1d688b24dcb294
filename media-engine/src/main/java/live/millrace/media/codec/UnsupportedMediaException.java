// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

/** Well-formed media of a codec or feature that the engine does not carry. Fatal to the publish session. */
public final class UnsupportedMediaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedMediaException(String message) {
        super(message, null, false, false);
    }
}
