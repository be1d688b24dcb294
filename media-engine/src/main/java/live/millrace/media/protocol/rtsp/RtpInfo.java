// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Where the packets of a track begin (RFC 2326 §12.33).
 *
 * @param url of the track, absolute or as the description has it
 * @param sequence of the first packet
 * @param rtpTime the stamp at the beginning, unsigned
 */
public record RtpInfo(String url, OptionalInt sequence, OptionalLong rtpTime) {
    /** As many as a session description may have media. */
    private static final int MAX_TRACKS = 32;

    private static final long LAST_TIME = 0xFFFF_FFFFL;
    private static final int LAST_SEQUENCE = 0xFFFF;

    /** Reads a header; what says nonsense is left out, since media play without it. */
    public static List<RtpInfo> parse(String header) {
        List<RtpInfo> found = new ArrayList<>();
        String[] tracks = header.split(",", MAX_TRACKS + 1);
        for (int i = 0; i < Math.min(tracks.length, MAX_TRACKS); i++) {
            String url = "";
            long sequence = -1;
            long time = -1;
            for (String part : tracks[i].split(";", -1)) {
                int equals = part.indexOf('=');
                String name =
                        equals < 0 ? "" : part.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                String value = part.substring(equals + 1).strip();
                switch (name) {
                    case "url" -> url = value;
                    case "seq" -> sequence = number(value, LAST_SEQUENCE);
                    case "rtptime" -> time = number(value, LAST_TIME);
                    default -> {
                        // a part of a URL with a semicolon, or what we do not know
                    }
                }
            }
            found.add(new RtpInfo(
                    url,
                    sequence < 0 ? OptionalInt.empty() : OptionalInt.of((int) sequence),
                    time < 0 ? OptionalLong.empty() : OptionalLong.of(time)));
        }
        return found;
    }

    private static long number(String text, long largest) {
        try {
            long number = Long.parseLong(text);
            return number > largest ? -1 : number;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Writes a header. */
    public static String write(List<RtpInfo> tracks) {
        return tracks.stream().map(RtpInfo::text).collect(Collectors.joining(","));
    }

    private String text() {
        StringBuilder out = new StringBuilder("url=").append(url);
        sequence.ifPresent(number -> out.append(";seq=").append(number));
        rtpTime.ifPresent(time -> out.append(";rtptime=").append(time));
        return out.toString();
    }
}
