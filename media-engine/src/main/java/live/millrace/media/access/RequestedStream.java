// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

/**
 * The address of a publisher as its client said it, for those who decide by it. Any part may hold the stream key, so that
 * {@link #toString()} shows none; each part has at most {@value #MAX_LENGTH} characters and is not otherwise checked.
 *
 * @param app all path segments but the last, joined with slashes
 * @param stream the last path segment; empty when there was none
 * @param parameters of the query, undecoded, without the question mark; the stream's before the application's
 * @param tcUrl of {@code connect}
 * @param swfUrl of {@code connect}
 * @param pageUrl of {@code connect}
 */
public record RequestedStream(
        String app, String stream, String parameters, String tcUrl, String swfUrl, String pageUrl) {
    /** Longer parts are cut. */
    public static final int MAX_LENGTH = 1_024;

    /** Nothing was asked for. */
    public static final RequestedStream NONE = new RequestedStream("", "", "", "", "", "");

    public RequestedStream {
        app = bounded(app);
        stream = bounded(stream);
        parameters = bounded(parameters);
        tcUrl = bounded(tcUrl);
        swfUrl = bounded(swfUrl);
        pageUrl = bounded(pageUrl);
    }

    private static String bounded(String text) {
        return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
    }

    @Override
    public String toString() {
        return "RequestedStream[hidden]";
    }
}
