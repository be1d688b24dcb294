// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port for a program that has to be told one. It is below those that systems hand out by themselves (IANA's 49152 and up, Linux' 32768 and up), so
 * that no connection of another test gets it meanwhile.
 */
public final class FreePort {
    private static final int FIRST = 20_000;
    private static final int BEHIND_LAST = 32_000;
    private static final int TRIES = 1_000;

    private FreePort() {}

    /** One that neither TCP nor UDP uses now, and nobody is given by chance. */
    public static int next() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEHIND_LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("there is no free port from " + FIRST + " on");
    }

    /** Whether neither TCP nor UDP uses it now. */
    public static boolean isFree(int port) {
        try (ServerSocket stream = new ServerSocket(port);
                DatagramSocket datagrams = new DatagramSocket(port)) {
            return stream.isBound() && datagrams.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
