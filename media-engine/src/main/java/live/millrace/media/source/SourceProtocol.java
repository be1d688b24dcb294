// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.Map;
import live.millrace.media.frame.FrameSink;

/** A protocol that streams are fetched by. Thread-safe. */
public interface SourceProtocol {
    /** The schemes of its addresses in lower case, each with the port that it means. */
    Map<String, Integer> schemes();

    /** What it is called where publishers are shown. */
    default String name() {
        return schemes().keySet().stream().min(Comparator.naturalOrder()).orElse("");
    }

    /** Gets ready for a scheme. May block, for files. */
    default void prepare(String scheme) {}

    /** Begins to fetch. On the request's loop, where all of the conversation happens; what comes of it comes after the return. */
    Conversation begin(Request request, Listener listener);

    /**
     * What to fetch.
     *
     * @param at where it is: no name is resolved again
     * @param datagrams media over UDP, if the protocol has a choice
     */
    record Request(SourceAddress address, InetSocketAddress at, boolean datagrams, EventLoop loop, Sockets sockets) {
        /** Secrets stand here. */
        @Override
        public String toString() {
            return "Request[" + at + "]";
        }
    }

    /** The kinds of sockets that the loops take. */
    record Sockets(Class<? extends SocketChannel> stream, Class<? extends DatagramChannel> datagrams) {}

    /** Takes what comes. All calls come on the loop; none follows {@link #failed} or {@link Conversation#stop}. */
    interface Listener extends FrameSink {
        /**
         * What will come, before it does.
         *
         * @param peer what the other side calls itself, in printable characters; empty if unsaid
         */
        void described(String peer, boolean pictures, boolean sound);

        /** Datagrams do not get through; {@link #failed} follows. */
        default void datagramsFail() {}

        /** It is over, and all is closed. */
        void failed(SourceFailure failure, String why);
    }

    /** One time that something is fetched. Used on the loop. */
    interface Conversation {
        /** Says goodbye and closes. Idempotent. */
        void stop();

        /** Whether there is somebody who speaks the protocol, though what is sent has not been described yet; for protocols that tell. */
        default boolean isReached() {
            return false;
        }
    }
}
