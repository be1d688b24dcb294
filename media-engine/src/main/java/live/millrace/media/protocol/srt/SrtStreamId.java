// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a stream id says, in the forms that are about: {@code #!::r=live/KEY,m=publish} (libsrt's access control), MediaMTX's
 * {@code publish:live/KEY[:user:password][:query]} and {@code read:…}, SRS's {@code #!::h=…,r=…,key=…}, and a plain {@code live/KEY}, which publishes.
 *
 * @param mode what is wanted, empty when unsaid
 * @param resource the path, without a leading slash; may hold a key
 * @param user may be a key
 * @param parameters a query, undecoded: what stood behind a question mark, and keys of the id that are not its own
 */
public record SrtStreamId(Optional<Mode> mode, String resource, Optional<String> user, String parameters) {
    /** What a caller wants. */
    public enum Mode {
        REQUEST,
        PUBLISH,
        /** Which we do not do. */
        BIDIRECTIONAL
    }

    private static final String ACCESS_CONTROL = "#!::";

    /** FFmpeg 5 sends what it finds in its URL as it is. */
    private static final String ENCODED = "%23!::";

    /** Blackmagic's and vMix' habit; MediaMTX strips it too. */
    private static final String FEEDBACK = "#feedbackplay";

    private static final int MAX_PAIRS = 32;

    /** Reads an id. */
    public static SrtStreamId parse(String id) throws MalformedSrtException {
        String text = id.strip();
        if (text.startsWith(ENCODED)) {
            text = decoded(text);
        }
        if (text.endsWith(FEEDBACK)) {
            text = text.substring(0, text.length() - FEEDBACK.length());
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw new MalformedSrtException(SrtReject.BAD_REQUEST, "a control character in a stream id");
            }
        }
        return text.startsWith(ACCESS_CONTROL)
                ? accessControl(text.substring(ACCESS_CONTROL.length()))
                : prefixed(text);
    }

    private static String decoded(String text) throws MalformedSrtException {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new MalformedSrtException(SrtReject.BAD_REQUEST, "a stream id that is encoded wrongly");
        }
    }

    private static SrtStreamId accessControl(String text) throws MalformedSrtException {
        String resource = "";
        Optional<String> user = Optional.empty();
        Optional<Mode> mode = Optional.empty();
        List<String> others = new ArrayList<>();
        String[] pairs = text.split(",", MAX_PAIRS + 1);
        if (pairs.length > MAX_PAIRS) {
            throw new MalformedSrtException(SrtReject.BAD_REQUEST, "a stream id of too many parts");
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                if (pair.isBlank()) {
                    continue;
                }
                throw new MalformedSrtException(SrtReject.BAD_REQUEST, "a stream id with a part that is no pair");
            }
            String value = pair.substring(equals + 1).strip();
            switch (pair.substring(0, equals).strip()) {
                case "r" -> resource = value;
                case "u" -> user = Optional.of(value).filter(name -> !name.isEmpty());
                case "m" -> mode = Optional.of(mode(value));
                case "h" -> {} // there are no virtual hosts
                case String other -> others.add(other + "=" + value);
            }
        }
        return of(mode, resource, user, others);
    }

    private static Mode mode(String word) throws MalformedSrtException {
        return switch (word) {
            case "request", "play" -> Mode.REQUEST;
            case "publish" -> Mode.PUBLISH;
            case "bidirectional" -> Mode.BIDIRECTIONAL;
            default -> throw new MalformedSrtException(SrtReject.BAD_MODE, "an unknown mode");
        };
    }

    private static SrtStreamId prefixed(String text) throws MalformedSrtException {
        Optional<Mode> mode = Optional.empty();
        String rest = text;
        if (text.startsWith("publish:")) {
            mode = Optional.of(Mode.PUBLISH);
            rest = text.substring("publish:".length());
        } else if (text.startsWith("read:") || text.startsWith("request:") || text.startsWith("play:")) {
            mode = Optional.of(Mode.REQUEST);
            rest = text.substring(text.indexOf(':') + 1);
        }
        if (mode.isEmpty()) {
            // Encoders with one field for all have the path of their key there; who plays can say so.
            return of(Optional.of(Mode.PUBLISH), rest, Optional.empty(), List.of());
        }
        String[] parts = rest.split(":", -1);
        return switch (parts.length) {
            case 1 -> of(mode, parts[0], Optional.empty(), List.of());
            case 2 -> of(mode, parts[0], Optional.empty(), List.of(parts[1]));
            // Of user and password one is the key: who has a password has it there.
            case 3 -> of(mode, parts[0], key(parts), List.of());
            case 4 -> of(mode, parts[0], key(parts), List.of(parts[3]));
            default -> throw new MalformedSrtException(SrtReject.BAD_REQUEST, "a stream id of too many parts");
        };
    }

    private static Optional<String> key(String[] parts) {
        return Optional.of(parts[2].isEmpty() ? parts[1] : parts[2]).filter(text -> !text.isEmpty());
    }

    private static SrtStreamId of(
            Optional<Mode> mode, String resource, Optional<String> user, List<String> parameters) {
        int mark = resource.indexOf('?');
        List<String> all = new ArrayList<>();
        if (mark >= 0) {
            all.add(resource.substring(mark + 1));
        }
        all.addAll(parameters);
        String path = mark < 0 ? resource : resource.substring(0, mark);
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        all.removeIf(String::isEmpty);
        return new SrtStreamId(mode, path.substring(start), user, String.join("&", all));
    }

    /** Nothing was asked for. */
    public boolean isEmpty() {
        return resource.isEmpty() && user.isEmpty();
    }

    /** Any part may hold a key. */
    @Override
    public String toString() {
        return "SrtStreamId[hidden]";
    }
}
