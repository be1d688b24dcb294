// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

/** The site cannot start, and its operator can do something about it: one line says what, the other what to do. */
public final class StartupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String action;

    public StartupException(String problem, String action) {
        super(problem);
        this.action = action;
    }

    public StartupException(String problem, String action, Throwable cause) {
        super(problem, cause);
        this.action = action;
    }

    /** What to do. */
    public String action() {
        return action;
    }
}
