// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

/**
 * Where RTSP listens.
 *
 * @param host the address to bind, {@code 0.0.0.0} for all
 * @param port 0 picks a free one
 * @param datagrams media may go over UDP as well, on two ports: of the same number, or the next even one, and the one behind it; who asks for
 *     it is sent to TCP otherwise
 * @param refusal what every refused publisher is told, whatever the cause: whoever guesses keys learns nothing from it
 */
public record RtspConfig(String host, int port, boolean datagrams, String refusal) {
    public RtspConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        if (datagrams && mediaPort(port) >= 65_535) {
            throw new IllegalArgumentException("behind rtsp.port " + port + " there are no two ports for UDP");
        }
    }

    /** The first of the two ports of UDP, an even one; 0 for any free pair. */
    public int mediaPort() {
        return mediaPort(port);
    }

    private static int mediaPort(int port) {
        return (port + 1) & ~1;
    }

    public static RtspConfig defaults() {
        return new RtspConfig("0.0.0.0", 8554, true, "This stream key may not publish.");
    }

    /** The same on another address. */
    public RtspConfig at(String newHost, int newPort) {
        return new RtspConfig(newHost, newPort, datagrams, refusal);
    }
}
