// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

/** A backup could not be taken or put back; the message says why and what to do, for the operator. Nothing was changed. */
public final class BackupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BackupException(String message) {
        super(message);
    }

    public BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}
