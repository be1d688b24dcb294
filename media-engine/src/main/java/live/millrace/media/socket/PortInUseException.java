// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

/** A port that should be listened on cannot be had. */
public final class PortInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String listener;
    private final int port;

    public PortInUseException(String listener, int port, Throwable cause) {
        super("Cannot listen for " + listener + " on port " + port + ": " + cause.getMessage(), cause);
        this.listener = listener;
        this.port = port;
    }

    /** What the port is for: the scheme of its addresses, like {@code https}. */
    public String listener() {
        return listener;
    }

    public int port() {
        return port;
    }
}
