// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.util.function.Supplier;
import org.springframework.dao.DataIntegrityViolationException;

/** Two who want what one can have, such as a mail address, at the same moment: the tables refuse the second. */
final class Raced {
    private Raced() {}

    /**
     * Does something once more when somebody was faster: then it sees what they did, and answers as if it had come later.
     *
     * @param whole a transaction, or several; nothing of the first try may be left when it fails
     */
    static <T> T again(Supplier<T> whole) {
        try {
            return whole.get();
        } catch (DataIntegrityViolationException raced) {
            return whole.get();
        }
    }
}
