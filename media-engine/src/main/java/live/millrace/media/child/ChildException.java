// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.child;

import java.io.IOException;

/** A child did not do its work; the message says how, and nothing that it was handed. */
public final class ChildException extends IOException {
    private static final long serialVersionUID = 1L;

    ChildException(String how) {
        super(how);
    }
}
