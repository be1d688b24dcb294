// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import java.time.Duration;
import java.util.Optional;
import live.millrace.media.protocol.srt.SrtRekeying;

/**
 * Where SRT listens.
 *
 * @param host the address to bind, {@code 0.0.0.0} for all
 * @param port of UDP; 0 picks a free one
 * @param latency how long the listener waits for lost packets at least, 20 ms to 8 s; a peer may ask for more
 * @param passphrase of everybody whose key has none of its own; empty: who comes without encryption is let in
 * @param rekeying when keys of what we send are changed
 */
public record SrtConfig(String host, int port, Duration latency, Optional<String> passphrase, SrtRekeying rekeying) {
    private static final int SHORTEST_PASSPHRASE = 10;
    private static final int LONGEST_PASSPHRASE = 79;

    public SrtConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        if (latency.toMillis() < 20 || latency.toMillis() > 8_000) {
            throw new IllegalArgumentException("the latency of SRT is 20ms to 8s, not " + latency);
        }
        passphrase.ifPresent(text -> {
            if (text.length() < SHORTEST_PASSPHRASE || text.length() > LONGEST_PASSPHRASE) {
                throw new IllegalArgumentException(
                        "a passphrase of SRT has " + SHORTEST_PASSPHRASE + " to " + LONGEST_PASSPHRASE + " characters");
            }
        });
    }

    /** One that changes keys as others do. */
    public SrtConfig(String host, int port, Duration latency, Optional<String> passphrase) {
        this(host, port, latency, passphrase, SrtRekeying.USUAL);
    }

    public static SrtConfig defaults() {
        return new SrtConfig("0.0.0.0", 8890, Duration.ofMillis(120), Optional.empty());
    }

    /** The same on another address. */
    public SrtConfig at(String newHost, int newPort) {
        return new SrtConfig(newHost, newPort, latency, passphrase, rekeying);
    }

    /** A secret stands here. */
    @Override
    public String toString() {
        return "SrtConfig[" + host + ":" + port + ", " + latency + "]";
    }
}
