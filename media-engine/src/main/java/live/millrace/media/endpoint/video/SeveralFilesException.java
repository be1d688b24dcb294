// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.util.List;

/** What was asked for as one file cannot be one; several can. */
final class SeveralFilesException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final transient List<String> addresses;

    /**
     * With words for whoever asked.
     *
     * @param addresses of files, relative to what was asked for
     */
    SeveralFilesException(String reason, List<String> addresses) {
        super(reason);
        this.reason = reason;
        this.addresses = List.copyOf(addresses);
    }

    String reason() {
        return reason;
    }

    List<String> addresses() {
        return addresses;
    }
}
