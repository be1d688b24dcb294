// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.rtp.payload.Packetizer;
import live.millrace.media.protocol.rtp.payload.PayloadFormats;
import live.millrace.media.protocol.sdp.MediaDescription;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.protocol.sdp.SdpAttribute;
import live.millrace.media.protocol.sdp.SdpDirection;
import live.millrace.media.protocol.sdp.SessionDescription;

/**
 * The tracks of a stream as players of RTSP get them: the default picture and the default sound, without what RTP has no place for.
 * Immutable.
 */
record PlayedTracks(List<One> all) {
    private static final int FIRST_DYNAMIC = 96;
    private static final int PCMU = 0;
    private static final int PCMA = 8;
    private static final int MPEG_AUDIO = 14;
    private static final int TELEPHONE_RATE = 8_000;

    /**
     * One of them.
     *
     * @param trackId of the stream's track
     * @param format as described
     */
    record One(int trackId, boolean video, PayloadFormat format) {
        /** Whether packets of another format can stand behind those of this one: parameter sets come with the pictures. */
        boolean goesOnWith(PayloadFormat other) {
            return format.payloadType() == other.payloadType() && words(format).equals(words(other));
        }
    }

    PlayedTracks {
        all = List.copyOf(all);
    }

    /** Of a stream's tracks. */
    static PlayedTracks of(List<Track> tracks) {
        List<One> played = new ArrayList<>();
        for (Track track : tracks) {
            if (track.isDefault()) {
                described(track.format(), FIRST_DYNAMIC + played.size())
                        .ifPresent(format -> played.add(new One(track.id(), track.isVideo(), format)));
            }
        }
        return new PlayedTracks(played);
    }

    private static Optional<PayloadFormat> described(TrackFormat format, int dynamic) {
        return PayloadFormats.packetizer(format).map(packetizer -> packetizer.format(type(packetizer, dynamic)));
    }

    /** What RFC 3551 gives a number of its own goes by that: some players know no other name for it. */
    private static int type(Packetizer packetizer, int dynamic) {
        PayloadFormat format = packetizer.format(dynamic);
        boolean telephone = format.clockRate() == TELEPHONE_RATE && format.channels() == 1;
        return switch (format.encoding()) {
            case "PCMU" -> telephone ? PCMU : dynamic;
            case "PCMA" -> telephone ? PCMA : dynamic;
            case "MPA" -> MPEG_AUDIO;
            default -> dynamic;
        };
    }

    /** The place of a track among them, which names its channels and its address; −1 when it is none. */
    int place(int trackId) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).trackId() == trackId) {
                return i;
            }
        }
        return -1;
    }

    /** The address of a track, relative to the presentation's. */
    static String control(int place) {
        return "trackID=" + place;
    }

    /** What a player needs to know to be sent the same bytes as others. */
    String words() {
        return all.stream()
                .map(each -> each.trackId() + " " + words(each.format()))
                .collect(Collectors.joining(","));
    }

    private static String words(PayloadFormat format) {
        String parameters = format.parameters().entrySet().stream()
                .filter(each -> !inBand(format, each.getKey()))
                .map(Map.Entry::toString)
                .collect(Collectors.joining(";"));
        return format.payloadType() + " " + format.encoding() + "/" + format.clockRate() + "/" + format.channels() + " "
                + parameters;
    }

    /** Pictures bring what decodes them, and change it on the way. */
    private static boolean inBand(PayloadFormat format, String parameter) {
        return switch (format.encoding()) {
            case "H264", "H265", "AV1", "VP8", "VP9" -> !parameter.equals("packetization-mode");
            default -> false;
        };
    }

    /** What DESCRIBE answers. */
    String description(String name, long id) {
        List<MediaDescription> media = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            One one = all.get(i);
            media.add(new MediaDescription(
                    one.video() ? "video" : "audio",
                    0,
                    "RTP/AVP",
                    List.of(one.format()),
                    SdpDirection.SENDRECV,
                    List.of(new SdpAttribute("control", control(i)))));
        }
        return new SessionDescription(name, List.of(new SdpAttribute("control", "*")), media).write(id);
    }
}
