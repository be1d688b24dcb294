// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import io.netty.channel.Channel;
import live.millrace.media.socket.ReadTurns;

/** Reads the socket of a publisher in turns while nobody watches what it sends. Confined to the channel's event loop. */
final class UnwatchedReading implements ReadTurns.Reader {
    /** Whoever sends more than this in a turn is read as it comes: bytes cost more than wake-ups then. */
    private static final int MUCH = 16 << 10;

    private final RtmpConnection connection;
    private boolean inTurns;
    private long receivedAtTurn;

    UnwatchedReading(RtmpConnection connection) {
        this.connection = connection;
    }

    /** Whether the socket is read in turns now, and not whenever something comes. */
    boolean inTurns() {
        return inTurns;
    }

    /** A publish session begins. */
    void join() {
        connection.context().turns().join(connection.channel().eventLoop(), this);
    }

    /** It is over: the socket is read whenever something comes. */
    void leave() {
        Channel channel = connection.channel();
        connection.context().turns().leave(channel.eventLoop(), this);
        if (inTurns) {
            inTurns = false;
            if (channel.isActive()) {
                connection.readOn();
            }
        }
    }

    @Override
    public void turn(boolean next) {
        long received = connection.receivedBytes();
        boolean little = received - receivedAtTurn <= MUCH;
        receivedAtTurn = received;
        RtmpPublishSession session = connection.conversation().publishing();
        boolean waits = next && little && session != null && session.unwatched();
        if (inTurns != waits) {
            inTurns = waits;
            connection.readOn();
        }
        if (waits && connection.mayRead()) {
            connection.channel().read();
        }
    }
}
