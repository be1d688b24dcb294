// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates.internal;

import live.millrace.platform.updates.Trouble;

/** An answer that was none. */
final class UpdateFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final Trouble trouble;

    /** @param detail for a log: in the other side's terms, and without what may be secret */
    UpdateFailure(Trouble trouble, String detail) {
        super(detail);
        this.trouble = trouble;
    }

    Trouble trouble() {
        return trouble;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
