// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

/** Well-formed media of a codec or feature that the engine does not carry. Costs what is coded so. */
public final class UnsupportedMediaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param what the codec or the feature, by the name that people know */
    public UnsupportedMediaException(String what) {
        super(what, null, false, false);
    }
}
