// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

/**
 * The address of a publisher as its client said it, for those who decide by it. Any part may hold the stream key, so that
 * {@code toString} shows none; each part has at most {@value #MAX_LENGTH} characters and is not otherwise checked.
 *
 * <p>What only one protocol says is a case of its own, for those who ask for it.
 */
public sealed interface RequestedStream {
    /** Longer parts are cut. */
    int MAX_LENGTH = 1_024;

    /** What stands in the place of every address in a log. */
    String HIDDEN = "RequestedStream[hidden]";

    /** Nothing was asked for. */
    RequestedStream NONE = new Plain("", "", "");

    /** All path segments but the last, joined with slashes. */
    String application();

    /** The last path segment; empty when there was none. */
    String stream();

    /** Of the query, undecoded, without the question mark. */
    String parameters();

    /** What all protocols have. */
    record Plain(String application, String stream, String parameters) implements RequestedStream {
        public Plain {
            application = bounded(application);
            stream = bounded(stream);
            parameters = bounded(parameters);
        }

        @Override
        public String toString() {
            return HIDDEN;
        }
    }

    /**
     * An address of RTMP.
     *
     * @param parameters the stream's before the application's
     * @param tcUrl of {@code connect}
     * @param swfUrl of {@code connect}
     * @param pageUrl of {@code connect}
     */
    record Rtmp(String application, String stream, String parameters, String tcUrl, String swfUrl, String pageUrl)
            implements RequestedStream {
        public Rtmp {
            application = bounded(application);
            stream = bounded(stream);
            parameters = bounded(parameters);
            tcUrl = bounded(tcUrl);
            swfUrl = bounded(swfUrl);
            pageUrl = bounded(pageUrl);
        }

        @Override
        public String toString() {
            return HIDDEN;
        }
    }

    private static String bounded(String text) {
        return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
    }
}
