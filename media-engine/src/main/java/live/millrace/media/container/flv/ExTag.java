// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.frame.Track;
import org.jspecify.annotations.Nullable;

/** The part that extended audio and video tags have in common: modifiers, FourCC and multitrack (Enhanced RTMP v2). */
final class ExTag {
    /** The packet type that says "one more modifier", the same for audio and video. */
    static final int MOD_EX = 7;

    /** A message made of nothing but modifiers ends here. */
    private static final int MAX_MODIFIERS = 16;

    private static final int ONE_TRACK = 0;

    /** 1 are many tracks of one codec. */
    private static final int MANY_TRACKS_MANY_CODECS = 2;

    /** Takes the packet of one track. */
    @FunctionalInterface
    interface Packet {
        /** @param body borrowed; the packet's alone */
        void accept(int packetType, FourCc fourCc, int track, ByteBuf body);
    }

    private ExTag() {}

    /**
     * Skips "ModEx" modifiers; their only known one, nanoseconds, is finer than any clock here.
     *
     * @return the packet type behind them
     */
    static int skipModifiers(int packetType, ByteBuf in) {
        int type = packetType;
        for (int round = 0; type == MOD_EX; round++) {
            if (round == MAX_MODIFIERS) {
                throw new MalformedMediaException("a tag of modifiers");
            }
            need(in, 1);
            int size = in.readUnsignedByte() + 1;
            if (size == 256) {
                need(in, 2);
                size = in.readUnsignedShort() + 1;
            }
            need(in, size + 1);
            in.skipBytes(size);
            type = in.readUnsignedByte() & 15;
        }
        return type;
    }

    /**
     * Reads what follows the modifiers. What is wrong with one track of several costs that track, and is thrown when the others were
     * read.
     *
     * @param multitrack the packet type that means multitrack
     */
    static void read(int packetType, int multitrack, ByteBuf in, Packet to) {
        if (packetType != multitrack) {
            to.accept(packetType, fourCc(in), 0, in);
            return;
        }
        need(in, 1);
        int both = in.readUnsignedByte();
        int kind = both >> 4;
        int type = both & 15;
        if (type == multitrack || kind > MANY_TRACKS_MANY_CODECS) {
            throw new MalformedMediaException("multitrack of kind " + kind + " around packet type " + type);
        }
        @Nullable FourCc shared = kind == MANY_TRACKS_MANY_CODECS ? null : fourCc(in);
        RuntimeException wrong = null;
        for (int count = 0; in.isReadable(); count++) {
            if (count == Track.MAX_OF_KIND) {
                throw new MalformedMediaException("more than " + Track.MAX_OF_KIND + " tracks in a tag");
            }
            FourCc fourCc = shared == null ? fourCc(in) : shared;
            need(in, kind == ONE_TRACK ? 1 : 4);
            int track = in.readUnsignedByte();
            int size = kind == ONE_TRACK ? in.readableBytes() : in.readUnsignedMedium();
            need(in, size);
            ByteBuf body = in.readSlice(size);
            RuntimeException failure = accept(to, type, fourCc, track, body);
            wrong = wrong == null ? failure : wrong;
            if (kind == ONE_TRACK) {
                break;
            }
        }
        if (wrong != null) {
            throw wrong;
        }
    }

    private static @Nullable RuntimeException accept(Packet to, int type, FourCc fourCc, int track, ByteBuf body) {
        if (track >= Track.MAX_OF_KIND) {
            return new MalformedMediaException("track " + track);
        }
        try {
            to.accept(type, fourCc, track, body);
            return null;
        } catch (MalformedMediaException | UnsupportedMediaException e) {
            return e;
        }
    }

    private static FourCc fourCc(ByteBuf in) {
        need(in, 4);
        return FourCc.read(in);
    }

    static void need(ByteBuf in, int bytes) {
        if (in.readableBytes() < bytes) {
            throw new MalformedMediaException("FLV tag cut short");
        }
    }
}
