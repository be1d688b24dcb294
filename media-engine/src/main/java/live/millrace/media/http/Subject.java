// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

/** What a route is about: whose it is, so that the {@link Gate} can tell who may have it. Every route declares it. */
public sealed interface Subject {
    /**
     * Nothing that the gate decides about.
     *
     * @param reason why everybody may ask, or who else decides
     */
    record None(String reason) implements Subject {}

    /** Something that the gate decides about. */
    sealed interface Guarded extends Subject {
        Use use();

        /** In lower case, {@code hls}. */
        String protocol();
    }

    /**
     * A live stream, which the path names.
     *
     * @param protocol in lower case, {@code hls}
     * @param absent the line that is answered with status 404 when the stream is not on, and to those who may not know that it is
     */
    record Stream(Use use, String protocol, String absent) implements Guarded {
        private static final String NOT_LIVE = "This channel is not live.";
        private static final String NOTHING = "Nothing is here.";

        /** In the words of most routes. */
        public Stream(Use use, String protocol) {
            this(use, protocol, use == Use.ARTEFACT ? NOTHING : NOT_LIVE);
        }
    }

    /**
     * What was kept of a stream, which the path names as {@code id}, or the query by the stream.
     *
     * @param protocol in lower case, {@code hls}
     */
    record Recording(Use use, String protocol) implements Guarded {
        /** The line that is answered with status 404 where there is none, and to those who may not know that there is. */
        public static final String ABSENT = "There is no such video.";
    }

    /** What of a stream, or a recording, a route answers with. */
    enum Use {
        /** What there is to play. It can be public when the rest is. */
        LISTING,
        /** What is asked for again and again by whoever plays. */
        PLAYLIST,
        /** A piece of media. */
        ARTEFACT,
        /** All of it, for as long as the socket is open. */
        SOCKET,
        /** All of it, by another way than the connection that asks: the target decides itself, for as long as that goes on. */
        SESSION
    }
}
