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
        /** In lower case, {@code hls}. */
        String protocol();
    }

    /**
     * A live stream, which the path names.
     *
     * @param protocol in lower case, {@code hls}
     */
    record Stream(Use use, String protocol) implements Guarded {}

    /**
     * What was kept of a stream, which the path names as {@code id}, or the query by the stream.
     *
     * @param protocol in lower case, {@code hls}
     */
    record Recording(Use use, String protocol) implements Guarded {}

    /** What of a stream, or a recording, a route answers with. */
    enum Use {
        /** What there is to play. It can be public when the rest is. */
        LISTING,
        /** What is asked for again and again by whoever plays. */
        PLAYLIST,
        /** A piece of media. */
        ARTEFACT,
        /** All of it, for as long as the socket is open. */
        SOCKET
    }
}
