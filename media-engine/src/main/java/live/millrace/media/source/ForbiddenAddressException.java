// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

/** An address that may not be asked for from here. */
final class ForbiddenAddressException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForbiddenAddressException(String message) {
        // No stack trace: it is somebody's wish, and cheap to refuse.
        super(message, null, false, false);
    }
}
