// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import java.net.InetAddress;

/** Asks the networks beside this server who is there. Thread-safe. */
public interface Discovery {
    /** Hears answers, on the thread that asks. */
    @FunctionalInterface
    interface Taker {
        /**
         * Takes an answer.
         *
         * @param content its own to keep; at most 64 KiB
         * @return whether more is wanted
         */
        boolean take(InetAddress sender, byte[] content);
    }

    /** Sends a question and hands on what is answered, until its time is over or no more is wanted. Blocks for some seconds. */
    void ask(byte[] question, Taker taker) throws InterruptedException;
}
