// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control.api;

/** There is no picture of a stream; the message says why, to whoever asked. */
public final class NoPictureException extends Exception {
    private static final long serialVersionUID = 1L;

    public NoPictureException(String why) {
        super(why, null, false, false);
    }
}
