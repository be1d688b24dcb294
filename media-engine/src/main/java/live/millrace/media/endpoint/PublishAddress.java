// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.access.StreamKey;

/**
 * What the address of a publisher says, however its client split it into application and stream name. The last path
 * segment is the stream key; with a parameter {@code key} it is the channel, and the parameter is the key. Any application name
 * will do; empty segments and {@code _definst_} do not count.
 *
 * @param channel the channel that the address names
 * @param key the key that the address holds
 * @param app all path segments but the last
 * @param stream the last path segment
 * @param parameters both queries, the stream's first
 */
public record PublishAddress(
        Optional<String> channel, Optional<StreamKey> key, String app, String stream, String parameters) {
    /** Longer addresses are not looked at. */
    public static final int MAX_LENGTH = 1_024;

    private static final String DEFAULT_INSTANCE = "_definst_";
    private static final String KEY_PARAMETER = "key";
    private static final String TICKET_PARAMETER = "t";

    private static final PublishAddress EMPTY = new PublishAddress(Optional.empty(), Optional.empty(), "", "", "");

    /** What is said of an address that is not looked at: no key, and no name of a stream. */
    private static final String NO_NAME = "..";

    /**
     * Reads an address that its client did not split.
     *
     * @param pathAndQuery what stands behind the host
     */
    public static PublishAddress parse(String pathAndQuery) {
        return parse(pathAndQuery, "");
    }

    /**
     * Reads an address.
     *
     * @param app of {@code connect}: what stands behind the host, in OBS all of it
     * @param streamName of {@code publish}: in OBS the stream key field
     */
    public static PublishAddress parse(String app, String streamName) {
        if (app.length() + streamName.length() > MAX_LENGTH) {
            return noName();
        }
        List<String> segments = new ArrayList<>(segments(path(app)));
        int ofApp = segments.size();
        segments.addAll(segments(path(streamName)));
        if (segments.stream().anyMatch(segment -> segment.equals("..") || segment.equals("."))) {
            return noName(); // no encoder's address, somebody's attempt at a path
        }
        boolean named = segments.size() > ofApp;
        String ofStream = query(streamName);
        String both = ofStream.isEmpty() || query(app).isEmpty() ? ofStream + query(app) : ofStream + "&" + query(app);
        String last = segments.isEmpty() ? "" : segments.getLast();
        String before = segments.isEmpty() ? "" : String.join("/", segments.subList(0, segments.size() - 1));
        // The stream's own parameters win over the application's.
        Optional<String> parameter = parameter(ofStream, KEY_PARAMETER).or(() -> parameter(query(app), KEY_PARAMETER));
        if (parameter.isPresent()) {
            boolean namesChannel = named || ofApp > 1;
            return new PublishAddress(
                    namesChannel ? Optional.of(last) : Optional.empty(), key(parameter.get()), before, last, both);
        }
        return segments.isEmpty() ? EMPTY : new PublishAddress(Optional.empty(), key(last), before, last, both);
    }

    private static PublishAddress noName() {
        return new PublishAddress(Optional.empty(), Optional.empty(), "", NO_NAME, "");
    }

    private static Optional<StreamKey> key(String text) {
        return text.isEmpty() || text.length() > StreamKey.MAX_LENGTH
                ? Optional.empty()
                : Optional.of(new StreamKey(text));
    }

    private static String path(String text) {
        int mark = text.indexOf('?');
        return mark < 0 ? text : text.substring(0, mark);
    }

    private static String query(String text) {
        int mark = text.indexOf('?');
        return mark < 0 ? "" : text.substring(mark + 1);
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            String trimmed = segment.strip();
            if (!trimmed.isEmpty() && !trimmed.equals(DEFAULT_INSTANCE)) {
                segments.add(trimmed);
            }
        }
        return segments;
    }

    /**
     * The ticket of one who plays: a parameter {@code t} of the stream, the application or the address of {@code connect}. What cannot be a
     * ticket is none, and means something else to whoever is asked.
     *
     * @param tcUrl of {@code connect}
     */
    public Optional<PlayTicket> ticket(String tcUrl) {
        return parameter(parameters, TICKET_PARAMETER)
                .or(() -> tcUrl.length() > MAX_LENGTH ? Optional.empty() : parameter(query(tcUrl), TICKET_PARAMETER))
                .flatMap(PlayTicket::of);
    }

    /** The same where the address is all that a client says. */
    public Optional<PlayTicket> ticket() {
        return ticket("");
    }

    private static Optional<String> parameter(String query, String name) {
        for (String pair : query.split("[&?]", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).equals(name)) {
                // A client that joined server and key with a slash leaves one at the end.
                return Optional.of(
                        pair.substring(equals + 1).replaceAll("/+$", "").strip());
            }
        }
        return Optional.empty();
    }

    /** Any part may hold the key. */
    @Override
    public String toString() {
        return "PublishAddress[hidden]";
    }
}
